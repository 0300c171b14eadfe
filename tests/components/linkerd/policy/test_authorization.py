"""Who may call a service, as calls arrive in each mode."""

from typing import Any

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.identities import gateway_identity
from linkmesh.linkerd.mode import LinkMode
from linkmesh.linkerd.policy.authorization import ServiceAuthorization, ServiceAuthorizationArgs
from linkmesh.linkerd.policy.clients import MeshClient
from tests import engine
from tests.components.clusters import on_a_cluster

UI = MeshClient(account="ui", namespace="yelb")
FAR_UI = MeshClient(account="ui", namespace="yelb", cluster="local", trust_domain="local.example")

SERVER = "kubernetes:policy.linkerd.io/v1beta3:Server"
POLICY = "kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy"
MESH = "kubernetes:policy.linkerd.io/v1alpha1:MeshTLSAuthentication"
NETWORK = "kubernetes:policy.linkerd.io/v1alpha1:NetworkAuthentication"


def allowed(**overrides: Any) -> engine.Notes:
    """Let one client of the same cluster call one port."""

    def make(west: Cluster) -> None:
        arguments: dict[str, Any] = {
            "cluster": west,
            "namespace": "yelb",
            "service": "db",
            "pod_labels": {"app": "db"},
            "port": 5432,
            "clients": [UI],
            **overrides,
        }
        ServiceAuthorization("db-callers", ServiceAuthorizationArgs(**arguments))

    return on_a_cluster(make)


def problems_of(**overrides: Any) -> list[str]:
    with pytest.raises(ValueError, match="must") as error:
        allowed(**overrides)
    return str(error.value).splitlines()


def test_a_port_is_closed_to_all_but_its_clients() -> None:
    notes = allowed()

    assert notes.one(SERVER).inputs["spec"] == {
        "podSelector": {"matchLabels": {"app": "db"}},
        "port": 5432,
        "proxyProtocol": "unknown",
        "accessPolicy": "deny",
    }
    assert notes.one(MESH).inputs["spec"] == {
        "identities": ["ui.yelb.serviceaccount.identity.linkerd.cluster.local"]
    }
    assert notes.one(POLICY).inputs["spec"] == {
        "targetRef": {"group": "policy.linkerd.io", "kind": "Server", "name": "db-5432"},
        "requiredAuthenticationRefs": [
            {
                "group": "policy.linkerd.io",
                "kind": "MeshTLSAuthentication",
                "name": "db-5432-clients",
            }
        ],
    }


def test_the_port_is_closed_last() -> None:
    notes = allowed(probe_networks=["10.10.0.0/16"])

    assert notes.one(SERVER).after == {
        "db-callers-clients",
        "db-callers-clients-policy",
        "db-callers-probes",
        "db-callers-probes-policy",
    }


def test_all_objects_are_of_the_services_namespace_and_cluster() -> None:
    for noted in allowed(probe_networks=["10.10.0.0/16"]).resources:
        if noted.type.startswith("kubernetes:policy"):
            assert noted.inputs["metadata"]["namespace"] == "yelb"
            assert "west-kubernetes" in noted.provider
            assert noted.within == "db-callers"


def test_networks_have_a_policy_of_their_own() -> None:
    notes = allowed(probe_networks=["10.10.0.0/16"])

    assert notes.one(NETWORK).inputs["spec"] == {"networks": [{"cidr": "10.10.0.0/16"}]}
    asked = [noted.inputs["spec"]["requiredAuthenticationRefs"] for noted in notes.of(POLICY)]
    assert [len(references) for references in asked] == [1, 1]


def test_without_networks_there_is_no_policy_of_networks() -> None:
    assert not allowed().of(NETWORK)


def test_in_flat_mode_a_client_of_another_cluster_keeps_its_name() -> None:
    notes = allowed(mode=LinkMode.FLAT, clients=[FAR_UI])

    assert notes.one(MESH).inputs["spec"] == {
        "identities": ["ui.yelb.serviceaccount.identity.linkerd.local.example"]
    }


def test_in_gateway_mode_a_client_of_another_cluster_is_an_error_with_the_way_out() -> None:
    assert problems_of(clients=[FAR_UI]) == [
        "client yelb/ui of local must not be named in gateway mode (got it for db). The gateway "
        "calls with its own identity, so this client would never be allowed. Use: "
        "from_gateway=True, which allows every linked caller, or export the service in flat mode"
    ]


def test_the_gateway_is_allowed_under_its_own_name() -> None:
    notes = allowed(clients=[], from_gateway=True, trust_domain="west.example")

    assert notes.one(MESH).inputs["spec"] == {
        "identities": [
            "linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.west.example"
        ]
    }


def test_a_client_of_the_services_own_cluster_may_be_named_in_gateway_mode() -> None:
    client = MeshClient(account="ui", namespace="yelb", cluster="west")

    notes = allowed(clients=[client], from_gateway=True)

    assert notes.one(MESH).inputs["spec"]["identities"] == [
        gateway_identity("cluster.local"),
        client.identity,
    ]


def test_every_account_of_a_namespace_may_be_named() -> None:
    identities = (
        allowed(clients=[MeshClient(account="*", namespace="yelb")]).one(MESH).inputs["spec"]
    )

    assert identities == {"identities": ["*.yelb.serviceaccount.identity.linkerd.cluster.local"]}


def test_the_gateway_is_no_client_in_flat_mode() -> None:
    assert problems_of(mode=LinkMode.FLAT, from_gateway=True) == [
        "from_gateway of db must be False in flat mode (got True). Calls arrive pod to pod there, "
        "so it would open the port further. Use: clients=[MeshClient(...)]"
    ]


def test_a_policy_without_callers_is_an_error() -> None:
    assert problems_of(clients=[]) == [
        "policy of db must allow at least one caller (got none). Every call would be rejected. "
        "Use: clients=[MeshClient(...)] or from_gateway=True"
    ]


@pytest.mark.parametrize(("cidr", "rule"), [("10.0.0.1/8", "a CIDR"), ("0.0.0.0/0", "smaller")])
def test_a_network_that_is_none_or_everything_is_an_error(cidr: str, rule: str) -> None:
    (problem,) = problems_of(probe_networks=[cidr])

    assert problem.startswith(f"probe network of db must be {rule}")


def test_all_problems_are_reported_at_once() -> None:
    problems = problems_of(
        namespace="Yelb",
        port="a-name-that-is-too-long",
        pod_labels={},
        protocol="redis",
        clients=[MeshClient(account="UI", namespace="yelb"), FAR_UI],
    )

    assert [problem.split(" must ")[0] for problem in problems] == [
        "namespace",
        "port of db",
        "pod_labels of db",
        "protocol of db",
        "client yelb/UI",
        "client yelb/ui of local",
    ]
