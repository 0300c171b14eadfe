"""New tokens that are not in use: those without Kubernetes' label of the last use."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from linkmesh.cli.rotation import unused_tokens as finding
from linkmesh.cli.runs.project import Project
from linkmesh.environment import Kind, chain
from tests.components.environment.described import on_aws, planned

TOKEN = "linkerd-service-mirror-remote-access-local-token"
MARK = {"kubernetes.io/legacy-token-last-used": "2026-11-23"}
DESCRIBED = planned(Kind("local"), on_aws("west"), links=chain("local", "west"))


class Cluster:
    """A project with one cluster, whose Secrets are given."""

    def __init__(self, secrets: dict[str, dict[str, str]]) -> None:
        self.secrets = secrets
        self.asked: list[str] = []

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read outputs."""
        self.asked.append(stack)
        return {"kubeconfig": "..."}

    def list(self, _kind: type, *, namespace: str) -> list[Any]:
        """List Secrets."""
        assert namespace == "linkerd-multicluster"
        return [
            SimpleNamespace(metadata=SimpleNamespace(name=name, labels=labels))
            for name, labels in self.secrets.items()
        ]


def unused_tokens(
    monkeypatch: pytest.MonkeyPatch, secrets: dict[str, dict[str, str]], *generations: int
) -> tuple[list[str], list[str]]:
    """Check the tokens of west; returns what is found, and which stacks were read."""
    cluster = Cluster(secrets)
    monkeypatch.setattr("linkmesh.api_server.client", lambda *_, **__: cluster)
    found = finding.unused_tokens(cast(Project, cluster), "demo", DESCRIBED, {"west": generations})
    return found, cluster.asked


def test_a_new_token_without_the_label_was_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = unused_tokens(monkeypatch, {TOKEN: MARK, f"{TOKEN}-2": {}}, 1, 2)

    assert found == [f"west: {TOKEN}-2"]


def test_a_new_token_with_the_label_was_used(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = unused_tokens(monkeypatch, {TOKEN: MARK, f"{TOKEN}-2": MARK}, 1, 2)

    assert found == []
    assert asked == ["demo.west"]


def test_a_missing_new_token_was_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unused_tokens(monkeypatch, {TOKEN: MARK}, 1, 2)[0] == [f"west: {TOKEN}-2"]


def test_no_cluster_is_read_if_no_token_is_revoked_next(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unused_tokens(monkeypatch, {}, 2) == ([], [])
