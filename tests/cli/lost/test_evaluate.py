"""A cluster that is gone, or another one, stops `up` and `destroy` with the command that helps."""

import pytest

from cli.lost.evaluate import Seen, refusals
from components.environment import ClusterSpec, Existing, Kind
from tests.components.environment.described import on_aws

EKS = on_aws("west", block=10)
SITE = Existing("west", egress=["198.51.100.20/32"])


def seen(described: ClusterSpec, recorded: str = "1") -> Seen:
    return Seen(
        cluster="west", described=described, server="https://192.0.2.1:6443", recorded=recorded
    )


@pytest.mark.parametrize("described", [EKS, SITE, Kind("west")])
def test_the_cluster_that_was_deployed_stops_nothing(described: ClusterSpec) -> None:
    assert refusals("demo", [seen(described).answered("1")], destroys=False) == []


def test_nothing_is_said_of_a_cluster_of_which_nothing_was_recorded() -> None:
    assert refusals("demo", [seen(EKS, recorded="")], destroys=False) == []


@pytest.mark.parametrize("described", [EKS, SITE, Kind("west")])
@pytest.mark.parametrize(("uid", "what"), [("2", "has another UID"), ("", "is missing")])
def test_another_cluster_is_told_with_the_commands(
    described: ClusterSpec, uid: str, what: str
) -> None:
    [told] = refusals("demo", [seen(described).answered(uid)], destroys=False)

    assert f"its namespace 'linkerd' {what}" in told
    assert "mesh up demo --rebuild west" in told
    assert "pulumi refresh --stack demo.west" in told


@pytest.mark.parametrize("described", [SITE, Kind("west")])
def test_a_cluster_that_is_silent_is_told_with_the_commands(described: ClusterSpec) -> None:
    [told] = refusals("demo", [seen(described).silent("refused")], destroys=False)

    assert "https://192.0.2.1:6443 (got refused)" in told
    assert "mesh up demo --rebuild west" in told


def test_an_eks_cluster_may_be_silent_since_up_may_be_what_lets_one_call_it() -> None:
    assert refusals("demo", [seen(EKS).silent("timeout")], destroys=False) == []


def test_destroy_is_told_to_forget() -> None:
    [told] = refusals("demo", [seen(SITE).silent("refused")], destroys=True)

    assert "mesh forget demo west, then mesh destroy demo" in told
