"""Which new tokens nobody has used: those without the mark that Kubernetes leaves."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.rotation import unused_tokens as finding
from cli.runs.run import Project
from stacks.environment import Kind, chain
from tests.stacks.described import environment, on_aws

TOKEN = "linkerd-service-mirror-remote-access-local-token"
MARK = {"kubernetes.io/legacy-token-last-used": "2026-11-23"}
DESCRIBED = environment(Kind("local"), on_aws("west"), links=chain("local", "west"))


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


def unused(
    monkeypatch: pytest.MonkeyPatch, secrets: dict[str, dict[str, str]], *generations: int
) -> tuple[list[str], list[str]]:
    """Look at the tokens of west; returns what is found, and which stacks were asked."""
    cluster = Cluster(secrets)
    monkeypatch.setattr("components.api_server.client", lambda *_, **__: cluster)
    found = finding.unused(cast(Project, cluster), "demo", DESCRIBED, {"west": generations})
    return found, cluster.asked


def test_a_new_token_without_a_mark_was_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = unused(monkeypatch, {TOKEN: MARK, f"{TOKEN}-2": {}}, 1, 2)

    assert found == [f"west: {TOKEN}-2"]


def test_a_new_token_with_a_mark_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = unused(monkeypatch, {TOKEN: MARK, f"{TOKEN}-2": MARK}, 1, 2)

    assert found == []
    assert asked == ["demo.west"]


def test_a_new_token_that_is_not_there_was_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unused(monkeypatch, {TOKEN: MARK}, 1, 2)[0] == [f"west: {TOKEN}-2"]


def test_where_no_token_is_revoked_next_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unused(monkeypatch, {}, 2) == ([], [])
