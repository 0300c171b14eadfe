"""Waiting for mirrors: which are expected, how long, and what is said of those that are not."""

import io
from typing import cast

import pytest
from lightkube import Client
from rich.console import Console

from cli.mirrors import waiting
from cli.mirrors.waiting import Expected, expected, failure_text, look, wait
from components.environment import Export, LinkMode, Plan, mesh
from tests.components.environment.described import on_aws, planned


def described() -> Plan:
    """Describe three clusters that call each other; one export is for one of them only."""
    return planned(
        on_aws("a", block=10),
        on_aws("b", block=20),
        on_aws("c", block=30),
        links=mesh("a", "b", "c"),
        exports=[
            Export("db", namespace="shop", of="b", to=["a"]),
            Export("web", namespace="shop", of="c", mode=LinkMode.FEDERATED),
        ],
    )


MIRRORS = expected(described())


class Clock:
    """Goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put a clock of our own into the module."""
    made = Clock()
    monkeypatch.setattr(waiting, "time", made)
    return made


def waited(seconds: float, seen: waiting.Look) -> tuple[list[str], list[str]]:
    """Wait; returns what is missing, and what was printed."""
    printed = io.StringIO()
    missing = wait(MIRRORS, seconds, Console(file=printed, width=200), seen)
    return missing, printed.getvalue().splitlines()


def test_every_caller_of_every_export_should_have_a_mirror() -> None:
    assert [str(mirror) for mirror in MIRRORS] == [
        "shop/db-b on a",
        "shop/web-federated on a",
        "shop/web-federated on b",
    ]


def test_an_export_to_chosen_callers_is_known_by_their_label() -> None:
    chosen, everyone, _ = (mirror.label for mirror in MIRRORS)

    assert chosen == {"mirror.linkerd.io/exported": "to.a"}
    assert everyone == {"mirror.linkerd.io/federated": "member"}


def test_it_ends_when_all_are_well(clock: Clock) -> None:
    missing, printed = waited(120, lambda _: "" if clock.now >= 3 else "wait")

    assert missing == []
    assert clock.now == 3
    assert printed == ["mirrors: 0 of 3 well after 0 s", "mirrors: 3 of 3 well after 3 s"]


def test_what_is_well_is_not_looked_at_again(clock: Clock) -> None:
    looked: list[str] = []

    def seen(mirror: Expected) -> str:
        looked.append(mirror.export.source)
        return "wait" if mirror.export.source == "b" and clock.now < 2 else ""

    waited(120, seen)

    assert sorted(looked) == ["a", "a", "b", "b", "b"]


def test_after_the_deadline_each_that_is_not_well_is_named_with_its_cause(clock: Clock) -> None:
    missing, printed = waited(
        5, lambda mirror: "'a' has no namespace" if mirror.export.source == "a" else ""
    )

    assert missing == [
        "  shop/db-b on a: 'a' has no namespace",
        "  shop/web-federated on a: 'a' has no namespace",
    ]
    assert clock.now <= 5
    assert printed == ["mirrors: 1 of 3 well after 0 s"]


def test_a_cluster_that_is_not_deployed_or_does_not_answer_is_a_cause() -> None:
    class Silent:
        def get(self, *_: object, **__: object) -> None:
            raise TimeoutError("secret")

    client = cast(Client, Silent())

    assert look(MIRRORS[0], {"a": client}) == "cluster 'b' is not deployed"
    assert look(MIRRORS[0], {"a": client, "b": client}) == (
        "'a' or 'b' does not answer (TimeoutError): see whether kubectl reaches both"
    )


def test_a_person_is_told_that_it_is_deployed_and_how_to_look_again() -> None:
    assert failure_text("demo", ["  x on a: y"], 3, 120) == (
        "environment 'demo' is deployed, but 1 of 3 mirrors are not well after 120 s:\n"
        "  x on a: y\n"
        "Look again with: mesh up demo --wait 120"
    )
