"""Links: that both ends exist, and that the source can reach the target."""

from collections import Counter
from collections.abc import Iterator

from components.generations import are_rising
from components.ingress import API_BLOCKS_LIMIT
from components.subnets import Nat

from .. import exposure
from ..environment import Eks, Environment, Existing, Kind
from ..topology import LinkSpec


def problems(environment: Environment) -> Iterator[str]:
    """A link must join two clusters, and its target must be one that others can reach."""
    known = set(environment.names)
    for link in environment.links:
        for name in link:
            if name not in known:
                yield (
                    f"link {link} must join clusters of the environment (got {name!r}). Known: "
                    f"{', '.join(sorted(known)) or 'none'}."
                )
        if link.source == link.target:
            yield (
                f"link {link} must join two clusters (got one). A cluster calls its own services "
                "by their own names. Remove the link."
            )
        if set(link) <= known and _is_unreachable(environment, link):
            yield (
                f"link {link} must have a target that others can reach (got the kind cluster "
                f"{link.target!r}). Its API server listens on the loopback address of one machine. "
                f"Turn the link round, or make {link.target!r} an EKS cluster."
            )
    for link, count in Counter(environment.links).items():
        if count > 1:
            yield f"link {link} must be given once (got {count} times). Remove the others."


def _is_unreachable(environment: Environment, link: LinkSpec) -> bool:
    """Kind clusters are reached by kind clusters of the same machine, and by nobody else."""
    source, target = (environment.cluster(name) for name in link)
    return isinstance(target, Kind) and not isinstance(source, Kind)


def ways(environment: Environment) -> Iterator[str]:
    """A source must have a way to the target's API server, and to its gateway."""
    known = set(environment.names)
    for link in environment.links:
        if set(link) <= known and link.source != link.target:
            yield from _way(environment, link)


def _way(environment: Environment, link: LinkSpec) -> Iterator[str]:
    source, target = (environment.cluster(name) for name in link)
    if not isinstance(target, Eks) or not exposure.readable(environment):
        return
    public = exposure.api_is_public(environment)
    if isinstance(source, Existing) and not source.egress:
        yield (
            f"link {link} must come from known addresses (got egress of {link.source!r}: none). "
            f"The API server and gateway of {link.target!r} are open to nobody else. "
            f'Use: Existing("{link.source}", egress=["198.51.100.20/32"])'
        )
    if isinstance(source, Kind) and not public:
        yield (
            f"link {link} must come from where {link.target!r} can be reached (got a kind cluster, "
            f"and operators {', '.join(environment.operators) or 'none'}, all private). Its API "
            "server and its gateway would be internal. Add the public address of the machine of "
            f'{link.source!r}: operators=["198.51.100.10/32"]'
        )
    if isinstance(source, Eks) and source.nat is Nat.NONE and public:
        yield (
            f"link {link} must have a way to the public API endpoint of {link.target!r} (got "
            f"nat=Nat.NONE on {link.source!r}). Its pods cannot leave their network. Give it "
            "nat=Nat.ONE, or give only private operators, so that the peering is the way."
        )


def tokens(environment: Environment) -> Iterator[str]:
    """Tokens must have rising numbers: an old one and a new one while they are replaced."""
    numbers = list(environment.token_generations)
    if not are_rising(numbers):
        yield (
            f"token_generations must be rising numbers from 1 (got {numbers}). The last is the "
            "token that sources use. Use: token_generations=(1, 2)"
        )


# Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html. Peerings can be
# raised to 125 and routes to 1000 on request, at the price of speed.
PEERINGS = 50
ROUTES = 50

# A private table also has the local route, the default route and the one to S3.
OWN_ROUTES = 3


def quotas(environment: Environment) -> Iterator[str]:
    """What the links need must not be more than AWS lets a network and an API endpoint have."""
    known = set(environment.names)
    if not exposure.readable(environment) or any(set(link) - known for link in environment.links):
        return
    nats = {
        name: [f"{name} {index}" for index in range(environment.nats_of(name))]
        for name in environment.names
    }
    for cluster in environment.eks:
        peers = environment.peers_of(cluster.name)
        if len(peers) > PEERINGS:
            yield (
                f"network of cluster {cluster.name!r} must have at most {PEERINGS} peerings (got "
                f"{len(peers)}). AWS refuses more. Link fewer clusters to it, or make a hub of two."
            )
        elif len(peers) + OWN_ROUTES > ROUTES:
            yield (
                f"route tables of cluster {cluster.name!r} must have at most {ROUTES} routes (got "
                f"{len(peers)} peers and {OWN_ROUTES} of its own). AWS refuses more. Link fewer "
                "clusters to it, or make a hub of two."
            )
        blocks = exposure.admitted_count(environment, cluster.name, nats)
        if blocks > API_BLOCKS_LIMIT:
            yield (
                f"API server of cluster {cluster.name!r} must be open to at most "
                f"{API_BLOCKS_LIMIT} "
                f"public blocks (got {blocks}: operators, and the NAT gateways of those that call "
                "it). EKS refuses more. Give the callers nat=Nat.ONE, or give only private "
                "operators."
            )
