"""When a provider stands for another cluster, and which types it has."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sandbox.plugins.framework import UNKNOWN, Refused
from sandbox.plugins.kubernetes.objects import KubernetesObject
from sandbox.plugins.kubernetes.patches import KubernetesPatch
from sandbox.plugins.kubernetes.provider import VERSION, KubernetesProvider, diff_arguments
from sandbox.plugins.kubernetes.release import HelmRelease
from sandbox.plugins_folder import plugin_version


def config(server: str = "https://a", token: str = "t", context: str = "one") -> str:
    return yaml.safe_dump(
        {
            "current-context": context,
            "contexts": [
                {"name": name, "context": {"cluster": name, "user": "u"}} for name in ("one", "two")
            ],
            "clusters": [
                {"name": "one", "cluster": {"server": server}},
                {"name": "two", "cluster": {"server": "https://two"}},
            ],
            "users": [{"name": "u", "user": {"token": token}}],
        }
    )


def changes(olds: dict[str, Any], news: dict[str, Any]) -> dict[str, bool]:
    return {change.path: change.replace for change in diff_arguments(olds, news).changes}


def test_no_change_is_none() -> None:
    assert changes({"kubeconfig": config()}, {"kubeconfig": config()}) == {}


def test_another_token_is_no_other_cluster() -> None:
    assert changes({"kubeconfig": config()}, {"kubeconfig": config(token="new")}) == {
        "kubeconfig": False
    }


@pytest.mark.parametrize("new", [config(server="https://b"), config(context="two")])
def test_another_active_cluster_replaces(new: str) -> None:
    assert changes({"kubeconfig": config()}, {"kubeconfig": new}) == {"kubeconfig": True}


def test_another_context_argument_replaces() -> None:
    kubeconfig = config()

    assert changes(
        {"kubeconfig": kubeconfig, "context": "one"}, {"kubeconfig": kubeconfig, "context": "two"}
    ) == {"context": True}


def test_an_unknown_kubeconfig_replaces() -> None:
    assert changes({"kubeconfig": config()}, {"kubeconfig": UNKNOWN}) == {"kubeconfig": True}


@pytest.mark.parametrize("new", [config(server="https://b"), UNKNOWN])
def test_an_unchanged_identifier_cancels_every_replacement(new: Any) -> None:
    olds = {"kubeconfig": config(), "clusterIdentifier": "west"}

    assert changes(olds, {**olds, "kubeconfig": new}) == {"kubeconfig": False}


@pytest.mark.parametrize("new", ["east", UNKNOWN])
def test_another_identifier_replaces(new: Any) -> None:
    olds = {"kubeconfig": config(), "clusterIdentifier": "west"}

    assert changes(olds, {**olds, "clusterIdentifier": new}) == {"clusterIdentifier": True}


def test_another_identifier_replaces_also_with_an_unknown_kubeconfig() -> None:
    olds = {"kubeconfig": config(), "clusterIdentifier": "west"}
    news = {"kubeconfig": UNKNOWN, "clusterIdentifier": "east"}

    assert changes(olds, news) == {"clusterIdentifier": True, "kubeconfig": True}


def test_adding_or_removing_an_identifier_does_not_replace() -> None:
    without, having = {"kubeconfig": config()}, {"kubeconfig": config(), "clusterIdentifier": "w"}

    assert changes(without, having) == {"clusterIdentifier": False}
    assert changes(having, without) == {"clusterIdentifier": False}


def test_a_flag_changes_in_place() -> None:
    assert changes({}, {"enableSecretMutable": "true"}) == {"enableSecretMutable": False}


@pytest.mark.parametrize(
    ("token", "type_"),
    [
        ("kubernetes:core/v1:Service", KubernetesObject),
        ("kubernetes:core/v1:ServicePatch", KubernetesPatch),
        ("kubernetes:multicluster.linkerd.io/v1alpha3:Link", KubernetesObject),
        ("kubernetes:helm.sh/v3:Release", HelmRelease),
    ],
)
def test_a_token_has_a_type(token: str, type_: type) -> None:
    assert type(KubernetesProvider().resource(token)) is type_


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:helm.sh/v3:Chart",
        "kubernetes:helm.sh/v4:Chart",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:kustomize/v2:Directory",
        "kubernetes:Service",
        "aws:ec2/vpc:Vpc",
    ],
)
def test_another_token_is_refused_by_name(token: str) -> None:
    with pytest.raises(Refused, match=f"resource type {token} must be one that"):
        KubernetesProvider().resource(token)


def test_functions_are_refused() -> None:
    with pytest.raises(Refused, match="kubernetes:helm:template"):
        KubernetesProvider().invoke("kubernetes:helm:template", {})


def test_an_unreadable_kubeconfig_makes_the_cluster_unreachable() -> None:
    provider = KubernetesProvider()

    provider.configure({"kubeconfig": "nothing useful"})

    assert provider.unreachable.startswith("failed to parse kubeconfig data in `kubernetes:config")


def test_a_refused_connection_makes_the_cluster_unreachable() -> None:
    provider = KubernetesProvider()

    provider.configure({"kubeconfig": config(server="http://127.0.0.1:1")})

    assert "Connection refused" in provider.unreachable


def test_the_version_is_the_sdks() -> None:
    assert plugin_version("pulumi_kubernetes") == ("kubernetes", VERSION)
