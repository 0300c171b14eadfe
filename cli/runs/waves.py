"""
The order of stacks.

Data flows one way, trust -> network -> clusters -> links -> apps, so a stack waits only for those
whose outputs it reads. Destroying runs in reverse order.
"""

from graphlib import TopologicalSorter

from linkmesh.environment import Eks, Plan

Waves = dict[str, set[str]]
"""Each part, and the parts that must be done before it."""


def upstream(plan: Plan) -> Waves:
    """Return what each part waits for when an environment is deployed."""
    before: Waves = {"trust": set(), "network": set()}
    for name, cluster in plan.clusters.items():
        described = [cluster, *(plan.clusters[source] for source in cluster.sources)]
        on_aws = any(isinstance(each.described, Eks) for each in described)
        before[name] = {"trust", "network"} if on_aws else {"trust"}
    before["links"] = set(plan.names)
    before["apps"] = {"links"}
    return before


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

    Stacks of clusters take longest. They do not start last, when nothing would run in parallel, nor
    all at once, since each starts a provider process for every cluster.
    """
    shared = ("trust", "network", "links", "apps")
    clusters = [part for part in waves if part not in shared]
    half = len(clusters) // 2
    order = ["trust", "network", *clusters[:half], "links", "apps", *clusters[half:]]
    return {part: set() for part in order if part in waves}


def downstream(plan: Plan) -> Waves:
    """Return what each part waits for when an environment is destroyed."""
    after: Waves = {part: set() for part in plan.parts}
    for part, before in upstream(plan).items():
        for earlier in before:
            after[earlier].add(part)
    return after
