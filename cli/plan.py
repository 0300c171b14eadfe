"""
What an environment is, from its description alone; pure.

Who may reach what is printed as the same table makes it, with names in place of addresses that only
a deployment knows.
"""

from collections.abc import Iterable, Iterator

from stacks import costs, exposure
from stacks.environment import Eks, Environment, Existing, Member
from stacks.mirrors import mirrors


def text(name: str, environment: Environment) -> str:
    """Describe clusters, links, mirror services, exposure and costs, a line each."""
    lines = [
        f"environment {name}: {len(environment.parts)} stacks",
        *_section("clusters", map(_cluster, environment.clusters)),
        *_section("links (source calls target)", map(str, environment.links)),
        *_section("mirror services", _mirrors(environment)),
        *_section("who may reach what on AWS", _exposure(environment)),
        "",
        "costs",
        *(f"  {line}" for line in costs.table(costs.estimate(environment))),
    ]
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    return ["", title, *([f"  {line}" for line in lines] or ["  none"])]


def _cluster(cluster: Member) -> str:
    if isinstance(cluster, Eks):
        return (
            f"{cluster.name}: EKS {cluster.kubernetes} in {cluster.region}, {cluster.cidr}, "
            f"{cluster.nodes} x {cluster.instance_types[0]}"
        )
    if isinstance(cluster, Existing):
        return f"{cluster.name}: exists, made by somebody else"
    return f"{cluster.name}: kind, {cluster.workers} workers"


def _mirrors(environment: Environment) -> Iterator[str]:
    for mirror in mirrors(environment):
        yield f"{mirror['service']}.{mirror['namespace']} on {mirror['cluster']}"


def _exposure(environment: Environment) -> Iterator[str]:
    nats = {name: [f"NAT of {name}"] * environment.nats_of(name) for name in environment.names}
    for cluster in environment.eks:
        for row in exposure.TABLE:
            blocks = dict.fromkeys(map(str, row.blocks(environment, cluster.name, nats)))
            if blocks:
                ports = ", ".join(map(str, row.ports(environment)))
                yield f"{cluster.name}: {row.place} {ports} from {', '.join(blocks)}"
