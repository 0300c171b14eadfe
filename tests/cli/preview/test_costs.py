"""What a change costs, as a reviewer reads it."""

from typing import Any

from cli.preview.costs import section
from cli.preview.fitting import written
from stacks.environment import Environment, Kind, Nat
from tests.stacks.described import environment, on_aws


def told(before: Environment, after: Environment) -> list[str]:
    """Write the section; returns its lines."""
    return written([section(before, after)], 65_000).splitlines()


def on_one_cluster(**overrides: Any) -> Environment:
    """Describe one EKS cluster."""
    return environment(Kind("local"), on_aws("west", **overrides))


def test_costs_are_told_as_a_difference() -> None:
    lines = told(on_one_cluster(), environment(Kind("local")))

    assert lines[3].startswith("**-")
    assert "| `west` | control plane | 73.00 |  |" in lines


def test_only_lines_that_change_are_told() -> None:
    lines = told(on_one_cluster(nat=Nat.ONE), on_one_cluster(nat=Nat.PER_ZONE))

    assert "| `west` | 1 NAT gateway | 35.04 |  |" in lines
    assert "| `west` | 3 NAT gateways |  | 105.12 |" in lines
    assert not [line for line in lines if "control plane" in line]


def test_what_costs_the_same_has_no_table() -> None:
    lines = told(on_one_cluster(), on_one_cluster())

    assert lines[3].startswith("**+0.00 USD a month**")
    assert lines[4:] == []
