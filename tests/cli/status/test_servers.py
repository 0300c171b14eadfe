"""Servers that select the same port of the same pods."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from lightkube import Client
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Pod

from linkmesh.cli.status.observations import ServerOverlap
from linkmesh.cli.status.servers import Server, overlaps, selects


def server(name: str, minute: int, *, port: int | str = 5432, **selector: Any) -> Any:
    """Make a Server in the namespace `yelb`."""
    return Server(
        metadata=ObjectMeta(
            name=name,
            namespace="yelb",
            creationTimestamp=datetime(2026, 11, 23, 5, minute, tzinfo=UTC),
        ),
        spec={"port": port, "podSelector": selector, "accessPolicy": name},
    )


def seen(*servers: Any, pods: list[dict[str, str]] | None = None) -> list[ServerOverlap]:
    """Look at a cluster with these Servers, and with pods of these labels."""
    labels = [{"app": "db"}] if pods is None else pods
    listed = [Pod(metadata=ObjectMeta(name="p", namespace="yelb", labels=each)) for each in labels]
    client = SimpleNamespace(list=lambda kind, **_: listed if kind is Pod else servers)
    return overlaps(cast(Client, client))


OPEN = server("open", 1, matchLabels={"app": "db"})
CLOSED = server("closed", 2, matchLabels={"app": "db"})


def test_the_older_one_is_used_and_the_other_ignored() -> None:
    assert seen(CLOSED, OPEN) == [
        ServerOverlap(
            namespace="yelb",
            port="5432",
            used="open",
            policy="open",
            ignored="closed",
        )
    ]


def test_without_a_pod_of_both_they_do_not_overlap() -> None:
    assert seen(OPEN, CLOSED, pods=[{"app": "api"}]) == []


def test_another_port_is_another_matter() -> None:
    assert seen(OPEN, server("closed", 2, port=80, matchLabels={"app": "db"})) == []


def test_expressions_are_read_as_kubernetes_does() -> None:
    def chosen(operator: str, *values: str) -> bool:
        expression = {"key": "app", "operator": operator, "values": [*values]}
        return selects(server("s", 1, matchExpressions=[expression]), {"app": "db"})

    assert chosen("In", "db", "api")
    assert not chosen("NotIn", "db")
    assert chosen("Exists")
    assert not chosen("DoesNotExist")
