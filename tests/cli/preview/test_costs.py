"""The section about costs."""

from typing import Any

from linkmesh.cli.preview.costs import section
from linkmesh.cli.preview.fitting import render_sections
from linkmesh.environment import Kind, NatGateways, Plan
from tests.components.environment.described import on_aws, planned


def rendered(before: Plan, after: Plan) -> list[str]:
    """Write the section; returns its lines."""
    return render_sections([section(before, after)], 65_000).splitlines()


def on_one_cluster(**overrides: Any) -> Plan:
    """Describe one EKS cluster."""
    return planned(Kind("local"), on_aws("west", **overrides))


def test_costs_are_shown_as_a_difference() -> None:
    lines = rendered(on_one_cluster(), planned(Kind("local")))

    assert lines[3].startswith("**-")
    assert "| `west` | control plane | 73.00 |  |" in lines


def test_only_lines_that_change_are_shown() -> None:
    lines = rendered(
        on_one_cluster(nat=NatGateways.SINGLE), on_one_cluster(nat=NatGateways.ONE_PER_AZ)
    )

    assert "| `west` | 1 NAT gateway | 35.04 |  |" in lines
    assert "| `west` | 3 NAT gateways |  | 105.12 |" in lines
    assert not [line for line in lines if "control plane" in line]


def test_without_a_difference_there_is_no_table() -> None:
    lines = rendered(on_one_cluster(), on_one_cluster())

    assert lines[3].startswith("**+0.00 USD a month**")
    assert lines[4:] == []
