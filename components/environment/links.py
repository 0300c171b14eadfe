"""
Links: which cluster calls which, as a user describes it.

A link has a direction: the source calls the target. Nothing is transitive: in a chain the first
cluster calls the second and not the third.
"""

from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from ..arguments import checked


@checked
class LinkSpec(NamedTuple):
    """One direction in an environment: the source calls the target."""

    source: str
    """Name of the cluster that calls."""

    target: str
    """Name of the cluster that is called."""

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


@checked
def chain(*clusters: str, both_ways: bool = False) -> list[LinkSpec]:
    """Link each cluster to the next: chain("a", "b", "c") is a -> b, b -> c."""
    return _directed([LinkSpec._make(pair) for pair in pairwise(clusters)], both_ways)


@checked
def mesh(*clusters: str) -> list[LinkSpec]:
    """Link each cluster to each other one, both ways."""
    return [LinkSpec._make(pair) for pair in permutations(clusters, 2)]


@checked
def hub(centre: str, *, spokes: Sequence[str], both_ways: bool = False) -> list[LinkSpec]:
    """
    Link the centre to each spoke: the centre calls; with both_ways the spokes call it too.
    """
    return _directed([LinkSpec(centre, spoke) for spoke in spokes], both_ways)


def _directed(links: list[LinkSpec], both_ways: bool) -> list[LinkSpec]:
    back = [LinkSpec(link.target, link.source) for link in links] if both_ways else []
    return [*links, *back]
