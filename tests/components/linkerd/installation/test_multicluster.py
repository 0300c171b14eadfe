"""The multicluster extension: gateway, mirror controllers, and the address for others."""

import functools
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.identities import gateway_identity
from linkmesh.linkerd.installation.gateway_args import (
    LoadBalancerGateway,
    NlbGateway,
    NodePortGateway,
)
from linkmesh.linkerd.installation.installed import LinkerdInstallation
from linkmesh.linkerd.installation.multicluster import LinkerdMulticluster, addresses
from linkmesh.linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from linkmesh.linkerd.installation.multicluster_values import (
    LinkTarget,
    controller_values,
    gateway_values,
    multicluster_values,
)
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.proxies.proxy import ProxyConfig
from linkmesh.load_balancer import nlb_annotations
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
            control_plane=LinkerdInstallation(cluster=cluster),
            gateway=LoadBalancerGateway() if with_gateway else None,
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
    values = multicluster_values(gateway=LoadBalancerGateway(), targets=["east"], trust_domain="t")

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
    values = multicluster_values(gateway=LoadBalancerGateway(), targets=[], trust_domain="t")

    assert values["remoteMirrorServiceAccount"] is False


def test_the_trust_domain_is_a_value_of_the_chart() -> None:
    values = multicluster_values(gateway=None, targets=[], trust_domain="mesh.test")

    assert values["identityTrustDomain"] == "mesh.test"


def test_a_cluster_without_callers_has_no_gateway() -> None:
    notes = installed(with_gateway=False)

    assert gateway_values(None) == {"enabled": False}
    assert notes.of(MARK) == []
    assert notes.outputs == {}


def test_a_gateway_listens_on_4143_and_is_probed_on_4191() -> None:
    values = gateway_values(LoadBalancerGateway())

    assert values == {
        "enabled": True,
        "replicas": 3,
        "port": 4143,
        "probe": {"port": 4191, "path": "/ready", "seconds": 3},
        "serviceType": "LoadBalancer",
    }


def test_a_gateways_load_balancer_is_shaped_and_limited_as_asked() -> None:
    values = gateway_values(
        LoadBalancerGateway(service_annotations={"a": "b"}, source_ranges=["10.0.0.0/8"])
    )

    assert values["serviceAnnotations"] == {"a": "b"}
    assert values["loadBalancerSourceRanges"] == ["10.0.0.0/8"]


def test_a_gateways_identity_is_its_service_accounts() -> None:
    assert gateway_identity("cluster.local") == (
        "linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local"
    )
    assert installed().outputs["identity"] == gateway_identity("cluster.local")


def test_the_gateways_address_is_an_output_once_it_has_one() -> None:
    mark = installed().one(MARK)

    assert installed().outputs["address"] == "192.0.2.10"
    assert mark.inputs["metadata"] == {
        "name": "linkerd-gateway",
        "namespace": "linkerd-multicluster",
        "annotations": {"linkmesh.io/cluster": "west"},
    }
    assert "west-multicluster-release" in mark.after


def test_the_mark_of_a_gateway_is_never_removed_from_a_deleted_service() -> None:
    assert installed().one(MARK).retained


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
    "shown",
    [None, SimpleNamespace(load_balancer=None), status(), status((None, None))],
    ids=["no status", "no load balancer", "no entry", "an empty entry"],
)
def test_a_gateway_without_an_address_is_an_error(shown: Any) -> None:
    with pytest.raises(pulumi.RunError) as error:
        addresses(shown)

    assert str(error.value) == NO_ADDRESS


def test_two_controllers_for_one_target_are_errors() -> None:
    def make(cluster: Cluster) -> None:
        LinkerdMulticlusterArgs(
            control_plane=LinkerdInstallation(cluster=cluster), targets=["east", "north", "east"]
        )

    with pytest.raises(ValueError, match="targets") as error:
        on_a_cluster(make)

    assert str(error.value) == (
        "targets must name each cluster once (got east, north, east). Two mirror controllers of "
        "one link would have the same name. Remove the second."
    )


def test_the_small_profile_has_one_of_everything() -> None:
    values = multicluster_values(
        gateway=LoadBalancerGateway(),
        targets=[],
        trust_domain="cluster.local",
        profile=InstallProfile.SMALL,
    )

    assert values["gateway"]["replicas"] == 1
    assert values["enablePodAntiAffinity"] is False
    assert values["controllerDefaults"] == {"replicas": 1, "enablePodAntiAffinity": False}
    assert values["localServiceMirror"] == {"replicas": 1}


def test_the_gateway_is_probed_on_the_proxies_admin_port() -> None:
    values = multicluster_values(
        gateway=LoadBalancerGateway(), targets=[], trust_domain="cluster.local", admin_port=9191
    )

    assert values["gateway"]["probe"]["port"] == 9191


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("east", {}),
        (LinkTarget(name="east"), {}),
        (LinkTarget(name="east", probe_port=9191), {"gateway": {"probe": {"port": 9191}}}),
        (LinkTarget(name="east", gateway=False), {"gateway": {"enabled": False}}),
        (LinkTarget(name="east", headless=True), {"enableHeadlessServices": True}),
    ],
)
def test_the_values_of_a_controller_contain_only_differences(
    target: str | LinkTarget, shown: dict[str, Any]
) -> None:
    assert controller_values(target) == {"link": {"ref": {"name": "east"}}, **shown}


def test_a_load_balancer_can_be_another_controllers() -> None:
    values = gateway_values(LoadBalancerGateway(load_balancer_class="service.k8s.aws/nlb"))

    assert values["loadBalancerClass"] == "service.k8s.aws/nlb"
    assert values["serviceType"] == "LoadBalancer"


PORTS = NodePortGateway(address="172.18.0.3", port=30143, probe_port=30191)


def test_without_a_load_balancer_a_port_of_every_node_leads_to_the_gateway() -> None:
    values = gateway_values(PORTS)

    assert values["serviceType"] == "NodePort"
    assert values["nodePort"] == 30143
    assert values["probe"] == {"port": 4191, "path": "/ready", "seconds": 3, "nodePort": 30191}


def test_a_load_balancer_behind_another_address_is_called_there() -> None:
    def make(cluster: Cluster) -> None:
        args = LinkerdMulticlusterArgs(
            control_plane=LinkerdInstallation(cluster=cluster),
            gateway=LoadBalancerGateway(address="mesh.example.com"),
        )
        gateway = LinkerdMulticluster("west-multicluster", args).gateway
        assert gateway is not None
        pulumi.export("address", gateway.address)
        pulumi.export("port", gateway.port)

    notes = on_a_cluster(make)

    [release] = notes.of(RELEASE)
    assert notes.outputs == {"address": "mesh.example.com", "port": 4143}
    assert release.inputs["values"]["gateway"]["serviceType"] == "LoadBalancer"


def test_others_get_the_ports_of_nodes() -> None:
    def make(cluster: Cluster) -> None:
        args = LinkerdMulticlusterArgs(
            control_plane=LinkerdInstallation(cluster=cluster), gateway=PORTS
        )
        gateway = LinkerdMulticluster("west-multicluster", args).gateway
        assert gateway is not None
        pulumi.export("address", gateway.address)
        pulumi.export("ports", [gateway.port, gateway.probe_port])

    notes = on_a_cluster(make)

    assert notes.outputs == {"address": "172.18.0.3", "ports": [30143, 30191]}


def test_a_gateway_behind_an_nlb_is_internal_by_default() -> None:
    values = gateway_values(NlbGateway(source_ranges=["10.0.0.0/8"]), probe_port=9191)

    annotations = values["serviceAnnotations"]
    assert annotations == nlb_annotations(
        internet_facing=False, health_check_port=9191, health_check_path="/ready"
    )
    assert values["loadBalancerClass"] == "service.k8s.aws/nlb"
    assert values["loadBalancerSourceRanges"] == ["10.0.0.0/8"]
    assert values["serviceType"] == "LoadBalancer"


def test_a_gateway_on_the_internet_names_its_callers() -> None:
    with pytest.raises(ValueError, match="source_ranges") as error:
        NlbGateway(internet_facing=True)

    assert str(error.value) == (
        "source_ranges of an internet-facing gateway must name at least one CIDR block (got none). "
        "Every address could call it. Use: the addresses of the sources, e.g. "
        '["198.51.100.10/32"]'
    )
    with pytest.raises(ValueError, match="must not allow the whole internet"):
        NlbGateway(internet_facing=True, source_ranges=["0.0.0.0/0"])


def test_the_extension_waits_for_its_control_plane_and_its_load_balancer_controller() -> None:
    def make(cluster: Cluster) -> None:
        controller = kubernetes.core.v1.ConfigMap(
            "controller", opts=pulumi.ResourceOptions(provider=cluster.provider)
        )
        args = LinkerdMulticlusterArgs(
            control_plane=LinkerdInstallation(cluster=cluster),
            gateway=NlbGateway(controller=controller),
        )
        LinkerdMulticluster("west-multicluster", args)

    component = on_a_cluster(make).one("linkmesh:index:LinkerdMulticluster")

    assert "controller" in component.after


@pytest.mark.parametrize("ports", [(4143, 30191), (30143, 32768), (30143, 30143)])
def test_ports_that_no_node_offers_are_errors(ports: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="node ports") as error:
        NodePortGateway(address="172.18.0.3", port=ports[0], probe_port=ports[1])

    assert str(error.value) == (
        "port and probe_port of node ports must be two ports from 30000 to 32767 (got "
        f"{ports[0]} and {ports[1]}). Kubernetes accepts no others. Use: port=30143, "
        "probe_port=30191"
    )


def test_all_problems_of_an_installation_are_reported_together() -> None:
    with pytest.raises(ValueError, match="nodes") as error:
        on_a_cluster(
            lambda cluster: LinkerdInstallation(cluster=cluster, nodes=1, version="2025.1.1")
        )

    problems = str(error.value).splitlines()
    assert [problem.split(" must")[0] for problem in problems] == ["nodes", "version"]


def test_what_is_said_of_the_mesh_reaches_the_chart_and_the_sources() -> None:
    def make(cluster: Cluster) -> None:
        installation = LinkerdInstallation(
            cluster=cluster,
            profile=InstallProfile.SMALL,
            proxy=ProxyConfig(admin_port=9191),
            registry="registry.test",
            trust_domain="mesh.test",
            version="2026.8.3",
            cni=True,
        )
        args = LinkerdMulticlusterArgs(
            control_plane=installation,
            gateway=LoadBalancerGateway(),
            pod_annotations={"a": "b"},
        )
        gateway = LinkerdMulticluster("west-multicluster", args).gateway
        assert gateway is not None
        pulumi.export("probe", gateway.probe_port)

    notes = on_a_cluster(make)

    release = notes.one(RELEASE).inputs
    namespace = notes.one("kubernetes:core/v1:Namespace").inputs["metadata"]
    assert notes.outputs == {"probe": 9191}
    assert release["version"] == "2026.8.3"
    assert release["values"]["gateway"]["probe"]["port"] == 9191
    assert release["values"]["podAnnotations"] == {"a": "b"}
    assert release["values"]["gateway"]["deploymentAnnotations"] == {"a": "b"}
    assert release["values"]["gateway"]["replicas"] == 1
    assert release["values"]["gateway"]["pauseImage"] == "registry.test/pause:3.2"
    assert release["values"]["identityTrustDomain"] == "mesh.test"
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("address", ["", "a b", "127.0.0.1", "https://a", "192.0.2"])
def test_an_address_that_sources_cannot_call_is_an_error(address: str) -> None:
    for make in (
        lambda: NodePortGateway(address=address, port=30143, probe_port=30191),
        lambda: LoadBalancerGateway(address=address),
    ):
        with pytest.raises(ValueError, match="address in a gateway must be") as error:
            make()

        assert f"(got {address!r})" in str(error.value) or f"(got {address})" in str(error.value)


def test_all_that_kubernetes_refuses_of_a_load_balancers_service_is_an_error() -> None:
    with pytest.raises(ValueError, match="load_balancer_class") as error:
        LoadBalancerGateway(load_balancer_class="a b", service_annotations={"a b": "c"})

    assert [problem.split(" must")[0] for problem in str(error.value).splitlines()] == [
        "load_balancer_class",
        "keys of service_annotations",
    ]
