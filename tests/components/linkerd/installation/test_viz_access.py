"""Who may ask viz's Prometheus besides viz."""

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation.installed import LinkerdInstallation
from linkmesh.linkerd.installation.viz import LinkerdViz, LinkerdVizArgs
from tests import engine
from tests.components.clusters import on_a_cluster

POLICY = "kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy"
NETWORKS = "kubernetes:policy.linkerd.io/v1alpha1:NetworkAuthentication"


def installed(*networks: str) -> engine.Notes:
    """Install viz, with an API server that calls from some networks."""

    def make(cluster: Cluster) -> None:
        control_plane = LinkerdInstallation(cluster=cluster)
        LinkerdViz(
            "west-viz",
            LinkerdVizArgs(control_plane=control_plane, api_server_networks=networks),
        )

    return on_a_cluster(make)


def test_only_the_api_server_may_query_prometheus_from_its_subnets() -> None:
    """The chart's own policy lets metrics-api in; policies of one Server stand side by side."""
    notes = installed("10.10.252.0/28", "10.10.252.16/28")

    assert notes.one(NETWORKS).inputs["spec"] == {
        "networks": [{"cidr": "10.10.252.0/28"}, {"cidr": "10.10.252.16/28"}]
    }
    policy = notes.one(POLICY).inputs
    assert policy["metadata"] == {"name": "prometheus-api-server", "namespace": "linkerd-viz"}
    assert policy["spec"] == {
        "targetRef": {"group": "policy.linkerd.io", "kind": "Server", "name": "prometheus-admin"},
        "requiredAuthenticationRefs": [
            {
                "group": "policy.linkerd.io",
                "kind": "NetworkAuthentication",
                "name": notes.one(NETWORKS).inputs["metadata"]["name"],
            }
        ],
    }


def test_without_networks_only_viz_may_query() -> None:
    assert installed().of(POLICY) == []


@pytest.mark.parametrize(
    ("network", "rule"),
    [("0.0.0.0/0", "must not allow the whole internet"), ("10.1.2.3/16", "host bits are zero")],
)
def test_networks_that_admit_anybody_are_errors(network: str, rule: str) -> None:
    with pytest.raises(ValueError, match=f"api_server_networks of viz .*{rule}"):
        installed(network)
