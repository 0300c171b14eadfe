"""What a target grants to one source: an account of its own, and no more than it needs."""

import functools

import pulumi

from components.cluster import Cluster
from components.linkerd.access import LinkAccess, LinkAccessArgs
from tests import engine
from tests.components.clusters import on_a_cluster

SECRET = "kubernetes:core/v1:Secret"
ACCOUNT = "linkerd-service-mirror-remote-access-west"


@functools.cache
def granted() -> engine.Notes:
    """Let west look at east, on east."""

    def make(east: Cluster) -> None:
        access = LinkAccess("east-access-west", LinkAccessArgs(cluster=east, source="west"))
        pulumi.export("token", access.token)

    return on_a_cluster(make, name="east")


def test_a_source_may_read_services_and_endpoints_and_write_events_and_nothing_else() -> None:
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
