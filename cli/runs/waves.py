"""
Which stacks run before which; pure.

Data flows one way, trust -> network -> clusters -> links -> apps, so a stack waits only for those
whose contracts it reads. Destroying goes the other way.
"""

from stacks.environment import Eks, Environment

Waves = dict[str, set[str]]
"""Each part, and the parts that must be done before it."""


def upstream(environment: Environment) -> Waves:
    """Say what each part waits for when an environment is deployed."""
    before: Waves = {"trust": set(), "network": set()}
    for cluster in environment.clusters:
        sources = environment.sources_of(cluster.name)
        on_aws = isinstance(cluster, Eks) or any(
            isinstance(environment.cluster(source), Eks) for source in sources
        )
        before[cluster.name] = {"trust", "network"} if on_aws else {"trust"}
    before["links"] = set(environment.names)
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


def downstream(environment: Environment) -> Waves:
    """Say what each part waits for when an environment is destroyed."""
    after: Waves = {part: set() for part in environment.parts}
    for part, before in upstream(environment).items():
        for earlier in before:
            after[earlier].add(part)
    return after
