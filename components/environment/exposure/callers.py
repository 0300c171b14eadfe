"""Who calls a target, and from which side of the internet; pure."""

import ipaddress

from ..description import Eks, Environment, Existing, Mode

# What is never routed on the internet, and what the API server's allow-list does not take.
# Source: RFC 1918; RFC 6598; https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
_PRIVATE = [
    ipaddress.IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
]


def readable(environment: Environment) -> bool:
    """Tell whether every operator is an IPv4 CIDR block, without which nothing can be computed."""
    try:
        for block in environment.operators:
            ipaddress.IPv4Network(block)
    except ValueError:
        return False
    return True


def is_private(block: str) -> bool:
    """Tell whether a CIDR block is never routed on the internet."""
    network = ipaddress.IPv4Network(block)
    return any(network.subnet_of(private) for private in _PRIVATE)


def public_operators(environment: Environment) -> list[str]:
    """List the operators' blocks that come over the internet."""
    return [block for block in environment.operators if not is_private(block)]


def calling_networks(environment: Environment, target: str) -> list[Eks]:
    """Find the clusters on AWS that call a target."""
    sources = [environment.cluster(name) for name in environment.sources_of(target)]
    return [source for source in sources if isinstance(source, Eks)]


def calling_sites(environment: Environment, target: str) -> list[str]:
    """List the blocks from which clusters call a target that somebody else made."""
    sources = [environment.cluster(name) for name in environment.sources_of(target)]
    return [block for source in sources if isinstance(source, Existing) for block in source.egress]


def flat_callers(environment: Environment, target: str) -> list[Eks]:
    """Find the clusters on AWS whose pods call a target's pods without its gateway."""
    names = {
        caller
        for export in environment.exports
        if export.of == target and export.mode is not Mode.GATEWAY
        for caller in environment.callers_of(export)
    }
    return [source for source in calling_networks(environment, target) if source.name in names]


def api_is_public(environment: Environment) -> bool:
    """Tell whether the API servers can be reached from the internet, by those who are listed."""
    return bool(public_operators(environment))


def is_public(environment: Environment, target: str) -> bool:
    """Tell whether a target's gateway must face the internet: somebody outside of AWS calls it."""
    return len(calling_networks(environment, target)) < len(environment.sources_of(target))
