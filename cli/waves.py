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


def downstream(environment: Environment) -> Waves:
    """Say what each part waits for when an environment is destroyed."""
    after: Waves = {part: set() for part in environment.parts}
    for part, before in upstream(environment).items():
        for earlier in before:
            after[earlier].add(part)
    return after
