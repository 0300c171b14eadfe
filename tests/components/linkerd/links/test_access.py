"""What a target grants to one source: an account of its own, and no more than it needs."""

import functools
from typing import Any

import pulumi
import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation.installed import (
    GatewayEndpoint,
    LinkerdInstallation,
    MulticlusterInstallation,
)
from linkmesh.linkerd.installation.multicluster import LinkerdMulticluster
from linkmesh.linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from linkmesh.linkerd.links.access import LinkAccess, LinkAccessArgs
from linkmesh.linkerd.links.link import Link, LinkArgs
from linkmesh.linkerd.mode import LinkMode
from tests import engine
from tests.components.clusters import on_a_cluster

SECRET = "kubernetes:core/v1:Secret"
ACCOUNT = "linkerd-service-mirror-remote-access-west"
GATEWAY = GatewayEndpoint(address="192.0.2.10", identity="identity of east")


def access(east: Cluster, **overrides: Any) -> LinkAccess:
    """Grant west access to east."""
    target = MulticlusterInstallation(cluster=east, gateway=GATEWAY, trust_domain="mesh.test")
    return LinkAccess("east-access-west", LinkAccessArgs(target=target, source="west", **overrides))


@functools.cache
def granted() -> engine.Notes:
    """Allow west to read from east, on east."""

    def make(east: Cluster) -> None:
        pulumi.export("token", access(east).grant.token)

    return on_a_cluster(make, name="east")


def test_a_source_has_the_rights_of_the_gateway_by_default() -> None:
    role = granted().one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")

    assert role.inputs["metadata"]["name"] == ACCOUNT
    assert role.inputs["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["services", "endpoints"],
            "verbs": ["get", "list", "watch"],
        },
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
    ]


def test_a_source_that_calls_pods_has_the_rights_for_it() -> None:
    noted = on_a_cluster(lambda east: access(east, modes=[LinkMode.FLAT]), name="east")

    role = noted.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")
    assert len(role.inputs["rules"]) == 6


def test_each_source_has_an_account_of_its_own_bound_to_these_rights() -> None:
    account = granted().one("kubernetes:core/v1:ServiceAccount")
    binding = granted().one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")

    assert account.inputs["metadata"] == {"name": ACCOUNT, "namespace": "linkerd-multicluster"}
    assert binding.inputs["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": ACCOUNT,
    }
    assert binding.inputs["subjects"] == [
        {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": "linkerd-multicluster"}
    ]


def test_an_accounts_token_is_made_by_kubernetes_once_the_account_is_there() -> None:
    token = granted().one(SECRET)

    assert token.inputs["type"] == "kubernetes.io/service-account-token"
    assert token.inputs["metadata"] == {
        "name": f"{ACCOUNT}-token",
        "namespace": "linkerd-multicluster",
        "annotations": {"kubernetes.io/service-account.name": ACCOUNT},
    }
    assert "east-access-west-account" in token.after


def test_an_accounts_token_is_a_secret_and_decoded() -> None:
    assert "data" in granted().one(SECRET).secret_outputs
    assert granted().outputs["token"] == engine.Secret("TOKEN east-access-west-token")


def test_a_new_token_is_made_beside_the_one_that_it_follows() -> None:
    def make(east: Cluster) -> None:
        grant = access(east, generations=(1, 2)).grant
        pulumi.export("token", grant.token)
        pulumi.export("generation", grant.generation)

    noted = on_a_cluster(make, name="east")

    names = {each.name: each.inputs["metadata"]["name"] for each in noted.of(SECRET)}
    assert names == {
        "east-access-west-token": f"{ACCOUNT}-token",
        "east-access-west-token-2": f"{ACCOUNT}-token-2",
    }
    assert noted.outputs["token"] == engine.Secret("TOKEN east-access-west-token-2")
    assert noted.outputs["generation"] == 2


def test_what_waits_for_the_token_waits_for_its_rights() -> None:
    def make(east: Cluster) -> None:
        Link(
            "west-east",
            LinkArgs(
                source=MulticlusterInstallation(cluster=east),
                grant=access(east, modes=[LinkMode.FLAT]).grant,
            ),
        )

    credentials = on_a_cluster(make, name="east").one(SECRET, "west-east-discovery-credentials")

    assert {"east-access-west-role", "east-access-west-binding"} <= credentials.after


def test_an_old_token_is_removed_with_its_number() -> None:
    noted = on_a_cluster(lambda east: access(east, generations=(2,)), name="east")

    assert noted.one(SECRET).name == "east-access-west-token-2"


def test_numbers_that_do_not_rise_and_no_mode_are_errors_at_once() -> None:
    with pytest.raises(ValueError, match="generations") as error:
        on_a_cluster(lambda east: access(east, modes=[], generations=(2, 1)), name="east")

    assert str(error.value) == (
        "access of 'west' to 'east' must have at least one mode (got none). A source without one "
        "needs no access. Use: modes=[LinkMode.GATEWAY]\n"
        "generations of access of 'west' to 'east' must be rising numbers from 1 (got [2, 1]). The "
        "last is the token that the source uses. Use: generations=[1, 2]"
    )


def test_a_grant_has_all_that_a_link_needs() -> None:
    def make(east: Cluster) -> None:
        grant = access(east, generations=(2, 3)).grant
        pulumi.export("api_server", grant.api_server)
        pulumi.export("authority", grant.certificate_authority_data)
        assert (grant.target, grant.account, grant.generation) == ("east", ACCOUNT, 3)
        assert (grant.gateway, grant.trust_domain) == (GATEWAY, "mesh.test")
        assert grant.modes == (LinkMode.GATEWAY,)
        assert grant.cluster_domain == "cluster.local"

    outputs = on_a_cluster(make, name="east").outputs

    assert outputs == {"api_server": "https://127.0.0.1:6443", "authority": "Q0E="}


def test_a_grant_waits_for_the_extension_of_this_program() -> None:
    def make(east: Cluster) -> None:
        control_plane = LinkerdInstallation(cluster=east)
        target = LinkerdMulticluster(
            "east-multicluster", LinkerdMulticlusterArgs(control_plane=control_plane)
        )
        LinkAccess("east-access-west", LinkAccessArgs(target=target, source="west"))

    noted = on_a_cluster(make, name="east")

    component = noted.one("linkmesh:index:LinkAccess")
    assert "east-multicluster-release" in component.after
