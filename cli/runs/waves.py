"""
The order of stacks.

Data flows one way, trust -> network -> clusters -> links -> apps -> routes, and a stack waits for
those whose outputs it reads. Three more rules have no output behind them:

- Applications and exports come after the links that their callers and they themselves call over.
- Members of a federated service join one after another (components/composition/apps.py).
- Routes come after the exports that they lead to, so that no call goes to a mirror that is missing.

Destroying runs in reverse order.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import pairwise

from linkmesh.environment import Eks, LinkMode, Plan
from linkmesh.environment.parts import APPS, LINKS, NETWORK, TRUST, cluster_of, part_of

Waves = dict[str, set[str]]
"""Each part, and the parts that must be done before it."""


def upstream(plan: Plan) -> Waves:
    """Return what each part waits for when an environment is deployed."""
    before: Waves = {TRUST: set(), NETWORK: set()}
    for name, cluster in plan.clusters.items():
        described = [cluster, *(plan.clusters[source] for source in cluster.sources)]
        on_aws = any(isinstance(each.described, Eks) for each in described)
        before[name] = {TRUST, NETWORK} if on_aws else {TRUST}
    for part in plan.link_parts:
        source = cluster_of(part)
        before[part] = {source, *plan.clusters[source].targets}
    links, apps = {*plan.link_parts}, {*plan.app_parts}
    for part in plan.app_parts:
        name = cluster_of(part)
        callers = {part_of(LINKS, each) for each in (name, *plan.clusters[name].sources)}
        before[part] = {name} | (callers & links)
    for earlier, later in _members(plan):
        before[later].add(earlier)
    for part in plan.route_parts:
        name = cluster_of(part)
        answering = {part_of(APPS, each) for each in (name, *_led_to(plan, name))}
        before[part] = {name} | ({part_of(LINKS, name)} & links) | (answering & apps)
    return before


def _members(plan: Plan) -> Iterator[tuple[str, str]]:
    """
    Return the parts of members of one federated service, each with the next.

    In the order of the clusters, which is one for all services: so no two wait for each other.
    """
    members: dict[tuple[str, str], set[str]] = {}
    for export in plan.exports:
        described = export.described
        if described.mode is LinkMode.FEDERATED:
            members.setdefault((described.namespace, described.mirror), set()).add(described.of)
    for clusters in members.values():
        joining = [part_of(APPS, name) for name in plan.clusters if name in clusters]
        yield from pairwise(joining)


def _led_to(plan: Plan, name: str) -> set[str]:
    """Return the clusters that the routes and aliases of a cluster lead to."""
    return {
        each
        for leading in plan.leading
        if leading.described.on == name
        for each in leading.answering
    }


def levels(plan: Plan) -> list[list[str]]:
    """
    Return the parts in groups, each of which waits only for the groups before it.

    For what starts a group once the last one is done, as CI systems do. `mesh up` does not wait for
    a whole group.
    """
    sorter = TopologicalSorter(upstream(plan))
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = set(sorter.get_ready())
        found.append([part for part in plan.parts if part in ready])
        sorter.done(*ready)
    return found


def in_parallel(waves: Waves) -> Waves:
    """
    Return the order in which previews start; none has to wait, because they change nothing.

    The shared parts and the clusters take longest, and come first.
    """
    return {part: set() for part in waves}


def downstream(plan: Plan) -> Waves:
    """Return what each part waits for when an environment is destroyed."""
    after: Waves = {part: set() for part in plan.parts}
    for part, before in upstream(plan).items():
        for earlier in before:
            after[earlier].add(part)
    return after
