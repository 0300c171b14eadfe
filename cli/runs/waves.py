"""
Which stacks run before which; pure.

Data flows one way, trust -> network -> clusters -> links -> apps, so a stack waits only for those
whose contracts it reads. Destroying goes the other way.
"""

from components.environment import Eks, Plan

Waves = dict[str, set[str]]
"""Each part, and the parts that must be done before it."""


def upstream(plan: Plan) -> Waves:
    """Say what each part waits for when an environment is deployed."""
    before: Waves = {"trust": set(), "network": set()}
    for name, cluster in plan.clusters.items():
        described = [cluster, *(plan.clusters[source] for source in cluster.sources)]
        on_aws = any(isinstance(each.described, Eks) for each in described)
        before[name] = {"trust", "network"} if on_aws else {"trust"}
    before["links"] = set(plan.names)
    before["apps"] = {"links"}
    return before


def side_by_side(waves: Waves) -> Waves:
    """
    Say in which order stacks are begun if none has to wait: a preview changes nothing.

    Those of all clusters take longest. They are not begun last, when nothing would run beside them,
    nor all at once, since each has a provider process for every cluster.
    """
    shared = ("trust", "network", "links", "apps")
    clusters = [part for part in waves if part not in shared]
    half = len(clusters) // 2
    order = ["trust", "network", *clusters[:half], "links", "apps", *clusters[half:]]
    return {part: set() for part in order if part in waves}


def downstream(plan: Plan) -> Waves:
    """Say what each part waits for when an environment is destroyed."""
    after: Waves = {part: set() for part in plan.parts}
    for part, before in upstream(plan).items():
        for earlier in before:
            after[earlier].add(part)
    return after
