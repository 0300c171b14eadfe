"""The gateways of an environment as their sources see them."""

from dataclasses import replace
from typing import Any

import pytest

from cli.gateways import GatewayRow, document, rows
from cli.status.seen import EnvironmentSeen
from stacks.environment import Mode
from tests.cli.status.seen import ADDRESS, LINK, described, well


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
    assert rows(described(Mode.FLAT), well(Mode.FLAT)) == []


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
