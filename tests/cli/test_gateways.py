"""The gateways of an environment as their sources see them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from linkmesh.cli import gateways as command
from linkmesh.cli.gateways import GatewayRow, document, rows
from linkmesh.cli.status import collect
from linkmesh.cli.status.observations import ObservedEnvironment
from linkmesh.environment import LinkMode
from tests.cli.status.observed import ADDRESS, LINK, described, healthy


def observed(**changes: Any) -> ObservedEnvironment:
    """Return a healthy environment with changes of its export."""
    [one] = healthy().exports
    assert one.observation is not None
    return replace(
        healthy(), exports=[replace(one, observation=replace(one.observation, **changes))]
    )


@pytest.mark.parametrize(
    ("changes", "alive", "services"),
    [
        ({}, True, 1),
        ({"ready_on_source": 0, "waiting_on_source": 1}, False, 1),
        ({"ready_on_source": 0}, None, 1),
        ({"mirror": None}, None, 0),
    ],
)
def test_a_gateway_is_alive_if_its_mirrors_have_ready_addresses(
    changes: dict[str, Any], alive: bool | None, services: int
) -> None:
    found = rows(described(), observed(**changes))

    assert found == [GatewayRow(link=LINK, alive=alive, services=services, address=ADDRESS)]


def test_a_link_without_a_gateway_has_no_row() -> None:
    assert rows(described(LinkMode.FLAT), healthy(LinkMode.FLAT)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, 0), ({"ready_on_source": 0, "waiting_on_source": 1}, 1), ({"ready_on_source": 0}, 1)],
)
def test_only_gateways_that_are_known_to_answer_are_healthy(
    changes: dict[str, Any], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load_plan", lambda _: described())
    monkeypatch.setattr(command, "Project", SimpleNamespace(open=lambda folder: folder))
    monkeypatch.setattr(collect, "collect", lambda *_: observed(**changes))

    with pytest.raises(typer.Exit) as ended:
        command.gateways("demo")

    assert ended.value.exit_code == code


def test_the_document_contains_each_gateway() -> None:
    written = document("demo", rows(described(), healthy()))

    assert written["healthy"] is True
    assert written["gateways"] == [
        {
            "source": "west",
            "target": "east",
            "alive": True,
            "services": 1,
            "address": ADDRESS,
        }
    ]
