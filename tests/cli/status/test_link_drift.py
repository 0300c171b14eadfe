"""A `Link` on its source compared with what is deployed."""

from typing import Any

import pytest

from linkmesh.cli.status.link_drift import changed, described_spec
from linkmesh.environment import Existing, Export, LinkMode, LinkPlan, chain
from tests.components.environment.described import planned

CONTRACT = {"gatewayAddress": "192.0.2.10", "gatewayIdentity": "identity of plant"}


def link(mode: LinkMode) -> LinkPlan:
    """Plan a link to a cluster with a domain of its own."""
    plant = Existing("plant", cluster_domain="plant.example.com", flat_with=["office"])
    return planned(
        Existing("office"),
        plant,
        links=chain("office", "plant"),
        exports=[Export("api", namespace="shop", of="plant", mode=mode)],
    ).link("office", "plant")


def stored(planned_link: LinkPlan) -> dict[str, Any]:
    """Return the spec as an API server stores it: with the defaults of the CRD."""
    spec = described_spec(planned_link, CONTRACT)
    return {**spec, "probeSpec": {"timeout": "30s", "failureThreshold": "3", **spec["probeSpec"]}}


@pytest.mark.parametrize("mode", [LinkMode.GATEWAY, LinkMode.FLAT])
def test_a_link_as_deployed_has_not_changed(mode: LinkMode) -> None:
    assert changed(link(mode), stored(link(mode)), CONTRACT) == []


def test_the_domain_of_the_target_is_compared() -> None:
    spec = {**stored(link(LinkMode.FLAT)), "targetClusterDomain": "cluster.local"}

    assert changed(link(LinkMode.FLAT), spec, CONTRACT) == ["targetClusterDomain"]


def test_a_probe_that_differs_is_found() -> None:
    spec = stored(link(LinkMode.GATEWAY))
    spec = {**spec, "probeSpec": {**spec["probeSpec"], "failureThreshold": "9"}}

    assert changed(link(LinkMode.GATEWAY), spec, CONTRACT) == ["probeSpec"]
