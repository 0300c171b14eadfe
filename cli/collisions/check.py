"""Looks at all existing clusters of an environment, before anything is made on them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from linkmesh.environment import Plan

from ..errors import PreconditionError
from .collect import observe
from .evaluate import Collision, Presence, collisions


class CollisionError(PreconditionError):
    """Something on existing clusters collides; the message has a line for each, with what to do."""


def look(plan: Plan, kubeconfigs: Mapping[str, str]) -> dict[str, Presence]:
    """
    Read existing clusters in parallel.

    Args:
        kubeconfigs: administrators' kubeconfigs, by cluster; others are not read.
    """
    names = [name for name in plan.existing if name in kubeconfigs]

    def of(name: str) -> Presence:
        exports = (each.described for each in plan.exports if each.described.of == name)
        return observe(kubeconfigs[name], [(each.namespace, each.service) for each in exports])

    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(of, names), strict=True))


def found_collisions(plan: Plan, kubeconfigs: Mapping[str, str]) -> Iterator[Collision]:
    """Find what collides on the existing clusters that answer."""
    for name, found in look(plan, kubeconfigs).items():
        if not found.error:
            yield from collisions(plan, name, found)
