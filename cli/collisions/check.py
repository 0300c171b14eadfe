"""Looks at all existing clusters of an environment, before anything is made on them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from linkmesh.environment import Plan

from ..errors import PreconditionError
from .collect import observe
from .evaluate import Collision, Presence, collisions
from .kubeconfigs import next_kubeconfigs


class CollisionError(PreconditionError):
    """Something on existing clusters collides; the message has a line for each, with what to do."""


def look(name: str, plan: Plan, folder: Path) -> dict[str, Presence]:
    """
    Read the existing clusters of an environment in parallel; those whose kubeconfig can be read.

    Args:
        folder: the folder of the project.
    """
    kubeconfigs = next_kubeconfigs(name, plan, folder)

    def of(cluster: str) -> Presence:
        exports = (each.described for each in plan.exports if each.described.of == cluster)
        return observe(kubeconfigs[cluster], [(each.namespace, each.service) for each in exports])

    with ThreadPoolExecutor() as pool:
        return dict(zip(kubeconfigs, pool.map(of, kubeconfigs), strict=True))


def found_collisions(name: str, plan: Plan, folder: Path) -> Iterator[Collision]:
    """Find what collides on the existing clusters that answer."""
    for cluster, found in look(name, plan, folder).items():
        if not found.error:
            yield from collisions(plan, cluster, found)
