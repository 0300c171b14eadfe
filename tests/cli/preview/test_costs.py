"""What a change costs, as a reviewer reads it."""

from typing import Any

from cli.preview.costs import section
from cli.preview.fitting import written
from components.environment import Kind, NatGateways, Plan
from tests.components.environment.described import on_aws, planned


def told(before: Plan, after: Plan) -> list[str]:
    """Write the section; returns its lines."""
    return written([section(before, after)], 65_000).splitlines()


def on_one_cluster(**overrides: Any) -> Plan:
    """Describe one EKS cluster."""
    return planned(Kind("local"), on_aws("west", **overrides))


def test_costs_are_told_as_a_difference() -> None:
    lines = told(on_one_cluster(), planned(Kind("local")))

    assert lines[3].startswith("**-")
    assert "| `west` | control plane | 73.00 |  |" in lines


def test_only_lines_that_change_are_told() -> None:
    lines = told(on_one_cluster(nat=NatGateways.SINGLE), on_one_cluster(nat=NatGateways.ONE_PER_AZ))

    assert "| `west` | 1 NAT gateway | 35.04 |  |" in lines
    assert "| `west` | 3 NAT gateways |  | 105.12 |" in lines
    assert not [line for line in lines if "control plane" in line]


def test_what_costs_the_same_has_no_table() -> None:
    lines = told(on_one_cluster(), on_one_cluster())

    assert lines[3].startswith("**+0.00 USD a month**")
    assert lines[4:] == []
