"""
How many clusters each topology can have under each limit, from the rules that validate.

Clusters are as they are by default, but have one NAT gateway, in one region of one account.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import floor

from linkmesh.environment import (
    Eks,
    Environment,
    Export,
    LinkMode,
    LinkSpec,
    NatGateways,
    chain,
    hub,
    mesh,
)
from linkmesh.environment.limits import LIMITS, Limit, Use
from linkmesh.environment.topology import Topology

MODELLED = 64
"""How many clusters are modelled; a larger number follows from the growth up to there."""


def called(centre: str, *spokes: str) -> list[LinkSpec]:
    """Link each spoke to the centre."""
    return [LinkSpec(spoke, centre) for spoke in spokes]


TOPOLOGIES: Mapping[str, tuple[Callable[..., list[LinkSpec]], LinkMode]] = {
    "chain": (chain, LinkMode.GATEWAY),
    "hub that calls": (lambda centre, *spokes: hub(centre, spokes=spokes), LinkMode.GATEWAY),
    "hub that is called": (called, LinkMode.GATEWAY),
    "mesh": (mesh, LinkMode.GATEWAY),
    "mesh, pod to pod": (mesh, LinkMode.FLAT),
}


@cache
def model(topology: str, clusters: int) -> Topology:
    """Describe so many clusters, each of which exports one service."""
    link, mode = TOPOLOGIES[topology]
    names = [f"c{index}" for index in range(clusters)]
    return Topology(
        Environment(
            clusters=[
                Eks(
                    name,
                    region="eu-west-1",
                    cidr=f"10.{index // 16}.{index % 16 * 16}.0/20",
                    nat=NatGateways.SINGLE,
                )
                for index, name in enumerate(names)
            ],
            links=link(*names),
            exports=[Export("api", namespace="shop", of=name, mode=mode) for name in names],
            admins=["arn:aws:iam::000000000000:root"],
            operators=["198.51.100.10/32"],
        )
    )


def worst(limit: Limit, topology: str, clusters: int) -> Use:
    """Return what uses most of a limit, with so many clusters."""
    uses = limit.uses(model(topology, clusters))
    return max(uses, key=lambda use: use.share, default=Use(of="nothing", count=0, most=1))


def fits(limit: Limit, topology: str, clusters: int) -> bool:
    """Return whether so many clusters are within a limit."""
    return worst(limit, topology, clusters).share <= 1


def size(limit: Limit, topology: str) -> int | None:
    """Return the most clusters that are within a limit; None if no number exceeds it."""
    if fits(limit, topology, MODELLED):
        return beyond(limit, topology)
    good, bad = 1, MODELLED
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(limit, topology, middle) else (good, middle)
    return good


def beyond(limit: Limit, topology: str) -> int | None:
    """Continue the straight line on which the uses of half and of all modelled clusters are."""
    half, whole = (worst(limit, topology, size) for size in (MODELLED // 2, MODELLED))
    growth = Fraction(whole.count - half.count, MODELLED - MODELLED // 2)
    return MODELLED + floor((whole.most - whole.count) / growth) if growth else None


def table() -> list[list[str]]:
    """Return the rows of the table in docs/scale.md."""
    return [
        [limit.name, limit.owner.value, most(limit), limit.raised, *map(written(limit), TOPOLOGIES)]
        for limit in LIMITS
    ]


def most(limit: Limit) -> str:
    """Write how many there can be, by default."""
    return f"{next(iter(limit.uses(model('mesh', 2)))).most:,}"


def written(limit: Limit) -> Callable[[str], str]:
    """Write sizes of a limit."""

    def write(topology: str) -> str:
        found = size(limit, topology)
        return "-" if found is None else f"{found:,}"

    return write
