"""
CIDR blocks of callers: which addresses are private, which are never routed, and what EKS takes.

The one definition for the description of an environment, which is validated as soon as it is
loaded, and for the arguments of an EKS cluster.
"""

import ipaddress
from functools import cache

Network = ipaddress.IPv4Network

# Routed in private networks and never on the internet.
# Source: RFC 1918; RFC 6598
PRIVATE = tuple(
    map(Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
)

# Not forwarded by any router, so no call from another machine comes from them.
# Source: RFC 6890, 2.2.2 (this host, loopback, link local, reserved); RFC 5771 (multicast)
NOT_ROUTED = tuple(
    map(Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")),
)

# How many public CIDR blocks the API server of an EKS cluster can be open to.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
API_BLOCKS_LIMIT = 40


# The largest block that was ever given to one organization.
# Source: https://www.iana.org/assignments/ipv4-address-space
LARGEST_CALLER_PREFIX = 8


def cidr_block(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """
    Read a CIDR block as AWS and Kubernetes do: an address, a slash, and a number of bits.

    Python also reads addresses without bits, netmasks, and bits with leading zeros, which fail when
    half of the resources exist.

    Raises: ValueError.
    """
    network = ipaddress.ip_network(text)
    if text.partition("/")[2] != str(network.prefixlen):
        raise ValueError(f"the end of {text!r} must be /{network.prefixlen}")
    return network


# Cached: each cluster asks the same of the operators and of its callers' networks.
@cache
def is_private(block: str) -> bool:
    """Return whether every address of an IPv4 block is private."""
    network = Network(block)
    return any(network.subnet_of(private) for private in PRIVATE)


def is_public(network: Network) -> bool:
    """
    Return whether every address of an IPv4 block is public; EKS refuses others for its endpoint.

    Source: https://repost.aws/knowledge-center/eks-lock-api-access-IP-addresses
    """
    return not _overlapping(network, (*PRIVATE, *NOT_ROUTED))


def caller_problem(thing: str, block: str, *, public: bool = False) -> str:
    """
    Say why a block cannot be where calls come from; empty if it can.

    Args:
        public: whether the addresses must be public.
    """
    network = _network(block)
    if network is None:
        return (
            f"{thing} must be IPv4 CIDR blocks with a prefix length (got {block!r}). "
            "Use: 198.51.100.10/32"
        )
    if network.prefixlen == 0:
        return (
            f"{thing} must not be the whole internet (got {block}). The API servers would be open "
            "to everyone. Use: 198.51.100.10/32"
        )
    if network.prefixlen < LARGEST_CALLER_PREFIX:
        return (
            f"{thing} must be blocks of /{LARGEST_CALLER_PREFIX} or smaller (got {block}). So many "
            "addresses are not those of one caller, and the API servers would be open to them. "
            "Use: 198.51.100.10/32"
        )
    if reserved := unrouted(network):
        return (
            f"{thing} must be addresses that other machines see (got {block}, which overlaps "
            f"{reserved}). No router forwards calls from these. Use: 198.51.100.10/32"
        )
    return _private_problem(thing, network, public=public)


def _private_problem(thing: str, network: Network, *, public: bool) -> str:
    """Return why EKS does not take a block for its private addresses; empty if it does."""
    private = _overlapping(network, PRIVATE)
    if private and public:
        return (
            f"{thing} must be public addresses (got {network}, which overlaps {private}). EKS "
            "refuses private ranges for its public endpoint. Use the address behind which its "
            "pods call: 198.51.100.20/32"
        )
    if private and not is_private(str(network)):
        return (
            f"{thing} must be either public or private addresses (got {network}, which overlaps "
            f"{private}). EKS refuses private ranges for its public endpoint. Use a block of each: "
            f"{private}, 198.51.100.10/32"
        )
    return ""


def unrouted(network: Network) -> Network | None:
    """Return the range that no router forwards and that a block overlaps; None if there is none."""
    return _overlapping(network, NOT_ROUTED)


def _network(block: str) -> Network | None:
    try:
        network = cidr_block(block)
    except ValueError:
        return None
    return network if isinstance(network, Network) else None


def _overlapping(network: Network, others: tuple[Network, ...]) -> Network | None:
    return next((other for other in others if network.overlaps(other)), None)
