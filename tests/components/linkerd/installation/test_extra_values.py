"""Extra Helm values: merged last, unless others know something else."""

from typing import Any

import pulumi
import pytest
import yaml

from linkmesh.environment import ProxyConfig
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.installation.cni import LinkerdCniArgs
from linkmesh.linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from linkmesh.linkerd.installation.extra_values import (
    CNI,
    CONTROL_PLANE,
    MULTICLUSTER,
    VIZ,
    value_problems,
)
from linkmesh.linkerd.installation.gateway_args import (
    GatewayArgs,
    LoadBalancerGateway,
    NlbGateway,
    NodePortGateway,
)
from linkmesh.linkerd.installation.installed import LinkerdInstallation
from linkmesh.linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from linkmesh.linkerd.installation.viz import LinkerdVizArgs
from tests import engine
from tests.data import LINKERD_CHARTS

CLUSTER: Any = object()
ISSUER = CertManagerIssuer(name="linkerd")
INSTALLATION = LinkerdInstallation(cluster=CLUSTER)
NLB = NlbGateway(internet_facing=True, source_ranges=["198.51.100.10/32"])
PORTS = NodePortGateway(address="192.0.2.1", port=30143, probe_port=30191)


def control_plane(values: dict[str, Any], **more: Any) -> None:
    LinkerdControlPlaneArgs(cluster=CLUSTER, issuer=ISSUER, values=values, **more)


def multicluster(values: dict[str, Any], gateway: GatewayArgs | None = NLB) -> None:
    LinkerdMulticlusterArgs(
        control_plane=INSTALLATION, gateway=gateway, targets=["east"], values=values
    )


def viz(values: dict[str, Any]) -> None:
    LinkerdVizArgs(control_plane=INSTALLATION, values=values)


def cni(values: dict[str, Any]) -> None:
    LinkerdCniArgs(cluster=CLUSTER, values=values)


CONTRADICTIONS: list[tuple[Any, dict[str, Any], str]] = [
    (control_plane, {"clusterDomain": "corp.local"}, "clusterDomain"),
    (control_plane, {"identityTrustDomain": "corp.local"}, "identityTrustDomain"),
    (control_plane, {"identityTrustAnchorsPEM": "other"}, "identityTrustAnchorsPEM"),
    (control_plane, {"identity": {"externalCA": False}}, "identity.externalCA"),
    (control_plane, {"identity": {"issuer": {"scheme": "linkerd.io/tls"}}}, "identity.issuer."),
    (control_plane, {"cniEnabled": True}, "cniEnabled"),
    (control_plane, {"proxy": {"ports": {"admin": 4199}}}, "proxy.ports.admin"),
    (control_plane, {"proxy": {"ports": {"inbound": 4200}}}, "proxy.ports.inbound"),
    (control_plane, {"proxy": {"ports": {"outbound": 4200}}}, "proxy.ports.outbound"),
    (control_plane, {"proxy": {"ports": None}}, "proxy.ports.admin"),
    (multicluster, {"gateway": {"port": 4200}}, "gateway.port"),
    (multicluster, {"gateway": {"serviceType": "NodePort"}}, "gateway.serviceType"),
    (multicluster, {"gateway": {"enabled": False}}, "gateway.enabled"),
    (multicluster, {"gateway": {"name": "gate"}}, "gateway.name"),
    (multicluster, {"gateway": {"probe": {"port": 4200}}}, "gateway.probe.port"),
    (multicluster, {"gateway": {"probe": {"path": "/live"}}}, "gateway.probe.path"),
    (multicluster, {"gateway": {"loadBalancerClass": "x"}}, "gateway.loadBalancerClass"),
    (
        multicluster,
        {"gateway": {"loadBalancerSourceRanges": ["0.0.0.0/0"]}},
        "gateway.loadBalancerSourceRanges",
    ),
    (
        multicluster,
        {
            "gateway": {
                "serviceAnnotations": {
                    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"
                }
            }
        },
        "gateway.serviceAnnotations.service.beta.kubernetes.io/aws-load-balancer-scheme",
    ),
    (multicluster, {"controllers": []}, "controllers"),
    (multicluster, {"identityTrustDomain": "corp.local"}, "identityTrustDomain"),
    (multicluster, {"linkerdNamespace": "mesh"}, "linkerdNamespace"),
    (viz, {"clusterDomain": "corp.local"}, "clusterDomain"),
    (viz, {"identityTrustDomain": "corp.local"}, "identityTrustDomain"),
    (viz, {"linkerdNamespace": "mesh"}, "linkerdNamespace"),
    (cni, {"proxyAdminPort": 4199}, "proxyAdminPort"),
    (cni, {"inboundProxyPort": 4199}, "inboundProxyPort"),
]


@pytest.mark.parametrize(("make", "values", "path"), CONTRADICTIONS)
def test_a_value_that_contradicts_what_others_know_is_an_error_by_name(
    make: Any, values: dict[str, Any], path: str
) -> None:
    with pytest.raises(ValueError, match="must be") as error:
        make(values)

    assert str(error.value).startswith(f"value {path}")


def test_the_message_says_who_knows_and_what_to_use() -> None:
    with pytest.raises(ValueError, match="must be") as error:
        multicluster({"gateway": {"port": 4200}})

    assert str(error.value) == (
        "value gateway.port of chart linkerd-multicluster must be 4143 (got 4200). Each Link gives "
        "its source this, and would still have it. Use: no such value; the kind of cluster "
        "decides, or gateway= in a program"
    )


def test_what_is_the_same_or_not_known_to_others_is_merged() -> None:
    multicluster({"gateway": {"port": "4143", "replicas": 5, "serviceType": "LoadBalancer"}})
    multicluster({"gateway": {"serviceAnnotations": {"team": "mesh"}, "nodePort": 30001}})
    multicluster({"gateway": {"serviceType": "NodePort", "nodePort": 30143}}, PORTS)
    multicluster(
        {"gateway": {"loadBalancerClass": "x", "loadBalancerSourceRanges": ["192.0.2.0/24"]}},
        LoadBalancerGateway(),
    )
    control_plane({"webhookFailurePolicy": "Ignore", "proxy": {"logLevel": "debug"}})
    control_plane({"proxy": {"ports": {"admin": 4199}}}, proxy=ProxyConfig(admin_port=4199))
    viz({"prometheus": {"enabled": False}})
    cni({"priorityClassName": "first", "ports": "2525"})


def test_an_output_cannot_be_compared_and_is_an_error() -> None:
    def program() -> None:
        with pytest.raises(ValueError, match="value clusterDomain") as error:
            control_plane({"clusterDomain": pulumi.Output.secret("corp.local")})
        assert "(got an Output)" in str(error.value)

    engine.run(program)


@pytest.mark.parametrize(
    ("chart", "shared"),
    [
        ("linkerd-control-plane", CONTROL_PLANE),
        ("linkerd-multicluster", MULTICLUSTER),
        ("linkerd-viz", VIZ),
        ("linkerd2-cni", CNI),
    ],
)
def test_every_shared_value_is_one_of_the_chart(chart: str, shared: Any) -> None:
    known = yaml.safe_load((LINKERD_CHARTS / f"{chart}.values.yaml").read_text())
    for each in shared:
        found: Any = known
        for key in each.path.split("."):
            assert key in found or each.path == "gateway.nodePort", each.path
            found = found.get(key, {})
    assert value_problems(chart, shared, ours={}, extra=known) == []
