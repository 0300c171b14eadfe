"""A cluster that is gone or was replaced stops `up` and `destroy`, with the remedy."""

import pytest

from linkmesh.cli.lost.evaluate import ClusterIdentity, problems
from linkmesh.environment import ClusterSpec, Existing, Kind
from tests.components.environment.described import on_aws

EKS = on_aws("west", block=10)
SITE = Existing("west", egress=["198.51.100.20/32"])


def identity(described: ClusterSpec, recorded: str = "1") -> ClusterIdentity:
    """Return a cluster as it was deployed."""
    return ClusterIdentity(
        cluster="west", described=described, server="https://192.0.2.1:6443", recorded=recorded
    )


@pytest.mark.parametrize("described", [EKS, SITE, Kind("west")])
def test_the_cluster_that_was_deployed_stops_nothing(described: ClusterSpec) -> None:
    assert problems("demo", [identity(described).with_uid("1")], destroys=False) == []


def test_a_cluster_of_which_nothing_was_recorded_stops_nothing() -> None:
    assert problems("demo", [identity(EKS, recorded="")], destroys=False) == []


@pytest.mark.parametrize("described", [EKS, SITE, Kind("west")])
@pytest.mark.parametrize(("uid", "what"), [("2", "has another UID"), ("", "is missing")])
def test_another_cluster_is_reported_with_the_commands(
    described: ClusterSpec, uid: str, what: str
) -> None:
    [text] = problems("demo", [identity(described).with_uid(uid)], destroys=False)

    assert f"its namespace 'linkerd' {what}" in text
    assert "mesh up demo --rebuild west" in text
    assert "pulumi refresh --stack demo.west" in text


@pytest.mark.parametrize("described", [SITE, Kind("west")])
def test_a_cluster_that_does_not_answer_is_reported_with_the_commands(
    described: ClusterSpec,
) -> None:
    [text] = problems("demo", [identity(described).with_error("no route")], destroys=False)

    assert "https://192.0.2.1:6443 (got no route)" in text
    assert "mesh up demo --rebuild west" in text


def test_an_eks_cluster_that_does_not_answer_stops_nothing() -> None:
    assert problems("demo", [identity(EKS).with_error("timeout")], destroys=False) == []


def test_before_destroy_the_cluster_must_be_forgotten() -> None:
    [text] = problems("demo", [identity(SITE).with_error("no route")], destroys=True)

    assert "mesh forget demo west, then mesh destroy demo" in text
