"""Waiting for mirrors: which are expected, how long, and the message at the end."""

import io
from typing import cast

import pytest
from lightkube import Client
from rich.console import Console

from linkmesh.cli.mirrors import waiting
from linkmesh.cli.mirrors.waiting import Expected, check, expected, failure_text, wait
from linkmesh.environment import Export, LinkMode, Plan, mesh
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
    """A clock that only `sleep` moves."""

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


def waited(seconds: float, check: waiting.Check) -> tuple[list[str], list[str]]:
    """Wait; returns what is missing, and what was printed."""
    printed = io.StringIO()
    missing = wait(MIRRORS, seconds, Console(file=printed, width=200), check)
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


def test_waiting_ends_when_all_are_healthy(clock: Clock) -> None:
    missing, printed = waited(120, lambda _: "" if clock.now >= 3 else "wait")

    assert missing == []
    assert clock.now == 3
    assert printed == ["mirrors: 0 of 3 healthy after 0 s", "mirrors: 3 of 3 healthy after 3 s"]


def test_a_healthy_mirror_is_not_checked_again(clock: Clock) -> None:
    checked: list[str] = []

    def look(mirror: Expected) -> str:
        checked.append(mirror.export.source)
        return "wait" if mirror.export.source == "b" and clock.now < 2 else ""

    waited(120, look)

    assert sorted(checked) == ["a", "a", "b", "b", "b"]


def test_after_the_deadline_each_unhealthy_mirror_is_named_with_its_cause(clock: Clock) -> None:
    missing, printed = waited(
        5, lambda mirror: "'a' has no namespace" if mirror.export.source == "a" else ""
    )

    assert missing == [
        "  shop/db-b on a: 'a' has no namespace",
        "  shop/web-federated on a: 'a' has no namespace",
    ]
    assert clock.now <= 5
    assert printed == ["mirrors: 1 of 3 healthy after 0 s"]


def test_a_cluster_that_is_not_deployed_or_does_not_answer_is_a_cause() -> None:
    class Silent:
        def get(self, *_: object, **__: object) -> None:
            raise TimeoutError("secret")

    client = cast(Client, Silent())

    assert check(MIRRORS[0], {"a": client}) == "cluster 'b' is not deployed"
    assert check(MIRRORS[0], {"a": client, "b": client}) == (
        "'a' or 'b' does not answer (TimeoutError): check whether kubectl reaches both"
    )


def test_the_message_says_that_it_is_deployed_and_how_to_check_again() -> None:
    assert failure_text("demo", ["  x on a: y"], 3, 120) == (
        "environment 'demo' is deployed, but 1 of 3 mirrors are not healthy after 120 s:\n"
        "  x on a: y\n"
        "Check again with: mesh up demo --wait 120"
    )
