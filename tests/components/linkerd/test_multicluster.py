"""The multicluster extension: gateway, mirror controllers, and the address others are told."""

import functools
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.cluster import Cluster
from components.linkerd.multicluster import (
    GatewayArgs,
    LinkerdMulticluster,
    LinkerdMulticlusterArgs,
    addresses,
    gateway_identity,
    gateway_values,
    multicluster_values,
)
from tests import engine
from tests.components.clusters import on_a_cluster

RELEASE = "kubernetes:helm.sh/v3:Release"
MARK = "kubernetes:core/v1:ServicePatch"
NO_ADDRESS = (
    "Service linkerd-multicluster/linkerd-gateway must have the address of a load balancer (it has "
    "none). No linked cluster could call this one. Is there a load balancer controller? See: "
    "kubectl -n linkerd-multicluster describe service linkerd-gateway"
)


@functools.cache
def installed(with_gateway: bool = True) -> engine.Notes:
    """Install the extension, and export what others must know of the gateway."""

    def make(cluster: Cluster) -> None:
        args = LinkerdMulticlusterArgs(
            cluster=cluster,
            gateway=GatewayArgs() if with_gateway else None,
            targets=["east"],
            values={"podLabels": {"team": "mesh"}},
        )
        multicluster = LinkerdMulticluster("west-multicluster", args)
        gateway = multicluster.gateway
        pulumi.export("address", gateway.address if gateway else None)
        pulumi.export("identity", gateway.identity if gateway else None)

    return on_a_cluster(make)


def status(*entries: tuple[str | None, str | None]) -> Any:
    """Make the status of a Service with these addresses and host names."""
    ingress = [SimpleNamespace(ip=ip, hostname=hostname) for ip, hostname in entries]
    return SimpleNamespace(load_balancer=SimpleNamespace(ingress=ingress))


def test_gateway_controllers_and_local_mirror_have_three_replicas() -> None:
    values = multicluster_values(gateway=GatewayArgs(), targets=["east"], trust_domain="t")

    assert values["gateway"]["replicas"] == 3
    assert values["controllerDefaults"] == {"replicas": 3, "enablePodAntiAffinity": True}
    assert values["localServiceMirror"] == {"replicas": 3}
    assert values["enablePodAntiAffinity"] is True


def test_each_target_has_a_mirror_controller() -> None:
    values = multicluster_values(gateway=None, targets=["east", "north"], trust_domain="t")

    assert values["controllers"] == [
        {"link": {"ref": {"name": "east"}}},
        {"link": {"ref": {"name": "north"}}},
    ]


def test_the_chart_makes_no_account_that_several_sources_would_share() -> None:
    values = multicluster_values(gateway=GatewayArgs(), targets=[], trust_domain="t")

    assert values["remoteMirrorServiceAccount"] is False


def test_the_chart_is_told_the_trust_domain() -> None:
    values = multicluster_values(gateway=None, targets=[], trust_domain="mesh.test")

    assert values["identityTrustDomain"] == "mesh.test"


def test_a_cluster_that_nobody_calls_has_no_gateway() -> None:
    notes = installed(with_gateway=False)

    assert gateway_values(None) == {"enabled": False}
    assert notes.of(MARK) == []
    assert notes.outputs == {}


def test_a_gateway_listens_on_4143_and_is_probed_on_4191() -> None:
    values = gateway_values(GatewayArgs())

    assert values == {
        "enabled": True,
        "replicas": 3,
        "port": 4143,
        "probe": {"port": 4191, "path": "/ready", "seconds": 3},
        "serviceType": "LoadBalancer",
    }


def test_a_gateways_load_balancer_is_shaped_and_limited_as_asked() -> None:
    values = gateway_values(
        GatewayArgs(service_annotations={"a": "b"}, source_ranges=["10.0.0.0/8"])
    )

    assert values["serviceAnnotations"] == {"a": "b"}
    assert values["loadBalancerSourceRanges"] == ["10.0.0.0/8"]


def test_a_gateways_identity_is_its_service_accounts() -> None:
    assert gateway_identity("cluster.local") == (
        "linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local"
    )
    assert installed().outputs["identity"] == gateway_identity("cluster.local")


def test_the_gateways_address_is_told_once_it_has_one() -> None:
    mark = installed().one(MARK)

    assert installed().outputs["address"] == "192.0.2.10"
    assert mark.inputs["metadata"] == {
        "name": "linkerd-gateway",
        "namespace": "linkerd-multicluster",
        "annotations": {"linkmesh.io/cluster": "west"},
    }
    assert "west-multicluster-release" in mark.after


def test_helm_waits_only_where_there_is_no_gateway_to_wait_for() -> None:
    assert installed().one(RELEASE).inputs["skipAwait"] is True
    assert installed(with_gateway=False).one(RELEASE).inputs["skipAwait"] is False


def test_extra_values_are_merged_last() -> None:
    values = installed().one(RELEASE).inputs["values"]

    assert values["podLabels"] == {"team": "mesh"}
    assert values["gateway"]["replicas"] == 3


def test_its_namespace_is_made_before_the_chart_and_marked_as_the_extensions() -> None:
    namespace = installed().one("kubernetes:core/v1:Namespace")

    assert namespace.inputs["metadata"]["name"] == "linkerd-multicluster"
    assert namespace.inputs["metadata"]["labels"]["linkerd.io/extension"] == "multicluster"
    assert "west-multicluster-namespace" in installed().one(RELEASE).after


@pytest.mark.parametrize(
    ("entries", "joined"),
    [
        ([("192.0.2.1", None)], "192.0.2.1"),
        ([(None, "nlb.test")], "nlb.test"),
        ([("192.0.2.1", "nlb.test")], "192.0.2.1"),
        ([("192.0.2.1", None), (None, "nlb.test")], "192.0.2.1,nlb.test"),
    ],
)
def test_addresses_and_host_names_are_joined_by_commas(
    entries: list[tuple[str | None, str | None]], joined: str
) -> None:
    assert addresses(status(*entries)) == joined


@pytest.mark.parametrize(
    "told",
    [None, SimpleNamespace(load_balancer=None), status(), status((None, None))],
    ids=["no status", "no load balancer", "no entry", "an empty entry"],
)
def test_a_gateway_without_an_address_is_refused(told: Any) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        addresses(told)

    assert str(refused.value) == NO_ADDRESS


def test_two_controllers_for_one_target_are_refused() -> None:
    def make(cluster: Cluster) -> None:
        LinkerdMulticlusterArgs(cluster=cluster, targets=["east", "north", "east"])

    with pytest.raises(ValueError, match="targets") as refused:
        on_a_cluster(make)

    assert str(refused.value) == (
        "targets must name each cluster once (got east, north, east). Two mirror controllers of "
        "one link would have the same name. Leave the second out."
    )
