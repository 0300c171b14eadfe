"""
What the product gives to Linkerd's charts, rendered by the genuine Helm: images, names, sameness.

Our small charts refuse value paths that Linkerd's do not know. `LINKMESH_CHARTS`, a folder of
Linkerd's own charts, runs the same tests on those.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkmesh import helm
from linkmesh.linkerd.installation.cni import cni_values
from linkmesh.linkerd.installation.control_plane_values import control_plane_values, crds_values
from linkmesh.linkerd.installation.gateway_args import LoadBalancerGateway
from linkmesh.linkerd.installation.images import image_copies
from linkmesh.linkerd.installation.multicluster_values import LinkTarget, multicluster_values
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.installation.viz import viz_values
from linkmesh.linkerd.proxies.proxy import ProxyConfig, ProxyResources, ProxyTracing
from sandbox.home import PROJECT
from sandbox.tests.rendering import rendered

CHARTS = Path(os.environ.get("LINKMESH_CHARTS", PROJECT / "sandbox" / "charts"))
REGISTRY = "registry.test/mesh"
DOMAINS: dict[str, Any] = {"cluster_domain": "cluster.local", "trust_domain": "cluster.local"}
EDGE = "edge-26.6.3"

pytestmark = pytest.mark.sandbox


def values(
    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY,
    registry: str | None = REGISTRY,
    *,
    cni: bool = False,
) -> dict[str, dict[str, Any]]:
    """Make the values of every chart, with everything that can be said."""
    proxy = ProxyConfig(
        resources=ProxyResources(cpu_request="2", cpu_limit="4", memory_limit="1Gi"),
        admin_port=9191,
        tracing=ProxyTracing(
            endpoint="collector.t:4317", service_account="collector", namespace="t"
        ),
    )
    gateway = LoadBalancerGateway(
        service_annotations={"a": "b"},
        source_ranges=["10.0.0.0/8"],
        load_balancer_class="service.k8s.aws/nlb",
    )
    targets: list[str | LinkTarget] = ["east"]
    targets += [LinkTarget(name="south", gateway=False), LinkTarget(name="north", probe_port=9191)]
    common: dict[str, Any] = {
        "profile": profile,
        "registry": registry,
        "pod_annotations": {"mesh.test/generation": "2"},
    }
    return {
        "linkerd-crds": crds_values(gateway_api=True),
        "linkerd2-cni": cni_values(admin_port=9191, registry=registry),
        "linkerd-control-plane": control_plane_values(
            trust_anchors_pem="ANCHOR",
            **DOMAINS,
            **common,
            proxy=proxy,
            cni=cni,
            webhooks_authority_pem="AUTHORITY",
        ),
        "linkerd-multicluster": multicluster_values(
            gateway=gateway, targets=targets, trust_domain="mesh.test", admin_port=9191, **common
        ),
        "linkerd-viz": viz_values(**DOMAINS, **common, webhooks_authority_pem="AUTHORITY"),
    }


def objects_of(chart: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    return [*rendered(CHARTS / chart, given).values()]


def every_image(registry: str | None = REGISTRY, *, cni: bool = False) -> set[str]:
    every = values(registry=registry, cni=cni).items()
    return {image for chart, given in every for image in images(objects_of(chart, given))}


def images(value: Any) -> Iterator[str]:
    """Find every image of a rendered object, wherever it is."""
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            yield value["image"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from images(item)


def containers(objects: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    for one in objects:
        if one["kind"] == kind:
            spec = one["spec"]["template"]["spec"]
            yield from [*spec.get("initContainers", []), *spec["containers"]]


@pytest.mark.parametrize("profile", InstallProfile)
@pytest.mark.parametrize("chart", values())
def test_a_chart_takes_everything_that_can_be_said(chart: str, profile: InstallProfile) -> None:
    assert objects_of(chart, values(profile)[chart])


@pytest.mark.parametrize("cni", [False, True])
def test_one_argument_moves_every_image_of_every_chart(cni: bool) -> None:
    found, ours = every_image(cni=cni), ("controller", "proxy", "metrics-api", "tap", "web")
    others = ("cni-plugin:v1.6.8", "pause:3.2", "prometheus:v2.55.1")

    assert found == {
        f"{REGISTRY}/{image}" for image in (*(f"{name}:{EDGE}" for name in ours), *others)
    }
    assert found <= set(image_copies(REGISTRY).values())


def test_what_is_injected_comes_from_the_registry_too() -> None:
    objects = objects_of("linkerd-control-plane", values()["linkerd-control-plane"])
    config = next(one for one in objects if one["metadata"]["name"] == "linkerd-config")

    told = yaml.safe_load(config["data"]["values"])
    assert told["proxy"]["image"]["name"] == f"{REGISTRY}/proxy"
    assert told["debugContainer"]["image"]["name"] == f"{REGISTRY}/debug"


def test_what_marks_a_namespace_would_come_from_the_registry_too() -> None:
    for chart in ("linkerd-multicluster", "linkerd-viz"):
        given = helm.merged(values()[chart], {"createNamespaceMetadataJob": True})
        jobs = [one for one in objects_of(chart, given) if one["kind"] == "Job"]

        assert set(images(jobs)) == {f"{REGISTRY}/extension-init:v0.1.11"}


def test_without_a_registry_images_are_those_that_are_published() -> None:
    assert every_image(registry=None) <= set(image_copies(REGISTRY))


def test_no_chart_makes_a_secret() -> None:
    made = [
        one["metadata"]["name"]
        for chart, given in values().items()
        for one in objects_of(chart, given)
        if one["kind"] == "Secret"
    ]

    assert made == []


@pytest.mark.parametrize("cni", [False, True])
def test_with_the_cni_plugin_no_container_asks_for_a_capability(cni: bool) -> None:
    given = values(cni=cni)["linkerd-control-plane"]
    objects = objects_of("linkerd-control-plane", given)

    asked = {
        capability
        for one in containers(objects, "Deployment")
        for capability in one["securityContext"]["capabilities"].get("add", [])
    }
    assert asked == (set() if cni else {"NET_ADMIN", "NET_RAW"})


def test_the_admin_port_is_everywhere_the_same() -> None:
    given = values()
    control_plane = objects_of("linkerd-control-plane", given["linkerd-control-plane"])
    multicluster = objects_of("linkerd-multicluster", given["linkerd-multicluster"])

    proxies = [one for one in containers(control_plane, "Deployment") if "proxy" in one["name"]]
    admin = {
        port["containerPort"]
        for one in proxies
        for port in one.get("ports", [])
        if port["name"] == "linkerd-admin"
    }
    probed = {
        one["metadata"]["name"]: port["port"]
        for one in multicluster
        if one["kind"] == "Service"
        for port in one["spec"]["ports"]
        if port["name"] == "mc-probe"
    }
    assert admin == {9191}
    # East has Linkerd's own port, and south no gateway that could be probed.
    assert probed == {"linkerd-gateway": 9191, "probe-east": 4191, "probe-north": 9191}
