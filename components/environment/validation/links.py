"""Rules of links: both ends exist, the source reaches the target, and AWS takes all of them."""

from collections import Counter
from collections.abc import Iterator

from ...generations import are_rising
from ...subnets import NatGateways
from .. import exposure, limits
from ..clusters import Eks, Existing, Kind
from ..description import Environment
from ..links import LinkSpec
from ..topology import Topology
from .access import are_readable


def ends(environment: Environment) -> Iterator[str]:
    """Find links of unknown clusters, of one cluster, and to targets that cannot be reached."""
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
    """Return whether a target is a kind cluster, which only others of its machine can reach."""
    source, target = (environment.cluster(name) for name in link)
    return isinstance(target, Kind) and not isinstance(source, Kind)


def ways(environment: Environment) -> Iterator[str]:
    """Find sources that cannot reach their target's API server or gateway."""
    known = set(environment.names)
    # Once and not for each link, which are as many as the square of the clusters.
    public = None
    if are_readable(environment.operators):
        public = bool(exposure.public_operators(environment.operators))
    called_from_sites = {
        link.target
        for link in environment.links
        if link.source in known and isinstance(environment.cluster(link.source), Existing)
    }
    for link in environment.links:
        if set(link) <= known and link.source != link.target:
            yield from _way(environment, link, public, link.target in called_from_sites)


def _way(
    environment: Environment, link: LinkSpec, public: bool | None, from_sites: bool
) -> Iterator[str]:
    """
    Find why one source cannot reach its target.

    Args:
        public: whether some operators have public addresses; None if that is not known.
        from_sites: whether a cluster that exists elsewhere calls the target.
    """
    source, target = (environment.cluster(name) for name in link)
    if not isinstance(target, Eks):
        return
    if isinstance(source, Existing) and not source.egress:
        yield (
            f"link {link} must come from known addresses (got egress of {link.source!r}: none). "
            f"The API server and gateway of {link.target!r} admit only known addresses. "
            f'Use: Existing("{link.source}", egress=["198.51.100.20/32"])'
        )
    if isinstance(source, Kind) and public is False:
        yield (
            f"link {link} must come from where {link.target!r} can be reached (got a kind cluster, "
            f"and operators {', '.join(environment.operators) or 'none'}, all private). Its API "
            "server and its gateway would be internal. Add the public address of the machine of "
            f'{link.source!r}: operators=["198.51.100.10/32"]'
        )
    if isinstance(source, Eks) and source.nat is NatGateways.NONE and (public or from_sites):
        private = ", or give only private operators, so that the peering is the way"
        yield (
            f"link {link} must have a way to the public API endpoint of {link.target!r} (got "
            f"nat=NatGateways.NONE on {link.source!r}). Its pods cannot leave their network. Give "
            f"it nat=NatGateways.SINGLE{'' if from_sites else private}."
        )


def tokens(environment: Environment) -> Iterator[str]:
    """Find generations of tokens that do not rise."""
    numbers = list(environment.token_generations)
    if not are_rising(numbers):
        yield (
            f"token_generations must be rising numbers from 1 (got {numbers}). The last is the "
            "token that sources use. Use: token_generations=(1, 2)"
        )


def quotas(topology: Topology) -> Iterator[str]:
    """Find networks and API endpoints with more callers than AWS lets them have."""
    environment = topology.environment
    known = set(environment.names)
    if any(set(link) - known for link in environment.links):
        return
    for use in limits.PEERINGS.uses(topology):
        if use.share > 1:
            yield (
                f"network of cluster {use.of!r} must have at most {use.most} peerings (got "
                f"{use.count}). {limits.PEERINGS.beyond}"
            )
    if not are_readable(environment.operators):
        return
    for use in limits.ENDPOINT_BLOCKS.uses(topology):
        if use.share > 1:
            yield (
                f"API server of cluster {use.of!r} must be open to at most {use.most} public "
                f"blocks (got {use.count}: operators, and the NAT gateways of those that call it). "
                f"{limits.ENDPOINT_BLOCKS.beyond}"
            )
