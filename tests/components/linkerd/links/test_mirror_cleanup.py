"""The resource whose removal removes a link's mirrors."""

import base64
from typing import Any

import dill  # type: ignore[import-untyped]
import pulumi
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from linkmesh.linkerd.installation.installed import MulticlusterInstallation
from linkmesh.linkerd.links import cleanup, mirror_cleanup
from linkmesh.linkerd.links.grant import LinkGrant
from linkmesh.linkerd.links.link import Link, LinkArgs
from tests import engine
from tests.components.clusters import on_a_cluster

CLEANUP = "pulumi-python:dynamic/linkmesh:MirrorSweep"
PROVIDER = mirror_cleanup._CleanupProvider()
GRANT = LinkGrant(
    target="east",
    account="account",
    token="TOKEN",
    generation=1,
    api_server="https://east.test",
    certificate_authority_data="Q0E=",
    gateway=None,
)


def linked() -> engine.Notes:
    """Make a link from west to east."""
    return on_a_cluster(
        lambda west: Link(
            "west-east", LinkArgs(source=MulticlusterInstallation(cluster=west), grant=GRANT)
        )
    )


def test_mirrors_are_removed_after_the_link() -> None:
    link = linked().one("kubernetes:multicluster.linkerd.io/v1alpha3:Link")

    assert "west-east-mirrors" in link.after


def test_the_sources_kubeconfig_is_a_secret_before_and_after() -> None:
    noted = linked().one(CLEANUP)

    assert noted.inputs["target"] == "east"
    assert noted.inputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)
    assert "kubeconfig" in noted.secret_outputs


def test_a_kubeconfig_that_comes_in_the_open_becomes_a_secret() -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions()
        mirror_cleanup.MirrorCleanup("mirrors", target="east", kubeconfig="open", opts=opts)

    assert engine.run(program).one(CLEANUP).inputs["kubeconfig"] == engine.Secret("open")


def test_what_the_state_holds_of_the_code_is_a_name_that_stays() -> None:
    text = base64.b64decode(serialize_provider(PROVIDER))

    assert b"linkmesh.linkerd.links.mirror_cleanup" in text
    assert type(dill.loads(text)) is type(PROVIDER)
    assert len(text) < 200


def test_removing_it_removes_the_mirrors(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[tuple[str, str]] = []
    monkeypatch.setattr(cleanup, "remove_orphans", lambda *given: removed.append(given))

    PROVIDER.delete("east", {"kubeconfig": "KUBECONFIG", "target": "east"})

    assert removed == [("KUBECONFIG", "east")]


def test_the_name_of_a_moved_module_is_noted_in_place() -> None:
    """A removal imports the module that the state names: an old name would not be found."""
    told = {"target": "east", "kubeconfig": "K"}

    moved = PROVIDER.diff("east", {**told, "__provider": "old"}, {**told, "__provider": "new"})
    same = PROVIDER.diff("east", {**told, "__provider": "new"}, {**told, "__provider": "new"})

    assert (moved.changes, moved.replaces) == (True, [])
    assert not same.changes


@pytest.mark.parametrize(
    ("news", "changes", "replaces"),
    [
        ({"target": "east", "kubeconfig": "K"}, False, []),
        ({"target": "east", "kubeconfig": "new"}, True, []),
        ({"target": "west", "kubeconfig": "K"}, True, ["target"]),
    ],
)
def test_a_new_kubeconfig_is_noted_and_a_new_target_is_another_resource(
    news: dict[str, Any], changes: bool, replaces: list[str]
) -> None:
    found = PROVIDER.diff("east", {"target": "east", "kubeconfig": "K"}, news)

    assert (found.changes, found.replaces) == (changes, replaces)
