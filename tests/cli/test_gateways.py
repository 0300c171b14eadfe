"""The gateways of an environment as their sources see them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from cli import gateways as command
from cli.gateways import GatewayRow, document, rows
from cli.status import collect
from cli.status.observations import EnvironmentSeen
from components.environment import LinkMode
from tests.cli.status.observed import ADDRESS, LINK, described, well


def observed(**changes: Any) -> EnvironmentSeen:
    """See the export otherwise."""
    [one] = well().exports
    assert one.observed is not None
    return replace(well(), exports=[replace(one, observed=replace(one.observed, **changes))])


@pytest.mark.parametrize(
    ("changes", "alive", "paired"),
    [
        ({}, True, 1),
        ({"ready_on_source": 0, "waiting_on_source": 1}, False, 1),
        ({"ready_on_source": 0}, None, 1),
        ({"mirror": None}, None, 0),
    ],
)
def test_a_gateway_is_alive_as_far_as_its_mirrors_tell(
    changes: dict[str, Any], alive: bool | None, paired: int
) -> None:
    found = rows(described(), observed(**changes))

    assert found == [GatewayRow(link=LINK, alive=alive, paired=paired, address=ADDRESS)]


def test_a_link_without_a_gateway_has_no_row() -> None:
    assert rows(described(LinkMode.FLAT), well(LinkMode.FLAT)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [({}, 0), ({"ready_on_source": 0, "waiting_on_source": 1}, 1), ({"ready_on_source": 0}, 1)],
)
def test_only_gateways_that_are_known_to_live_are_well(
    changes: dict[str, Any], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "described", lambda _: described())
    monkeypatch.setattr(command, "Project", SimpleNamespace(open=lambda folder: folder))
    monkeypatch.setattr(collect, "collect", lambda *_: observed(**changes))

    with pytest.raises(typer.Exit) as ended:
        command.gateways("demo")

    assert ended.value.exit_code == code


def test_the_document_claims_no_latency() -> None:
    told = document("demo", rows(described(), well()))

    assert told["gateways"] == [
        {
            "source": "west",
            "cluster": "east",
            "alive": True,
            "pairedServices": 1,
            "address": ADDRESS,
            "latencyMs": None,
        }
    ]
