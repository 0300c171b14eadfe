"""
Who may reach a cluster's nodes and API server from its network and the networks joined to it; pure.

Here and not with the cluster, so that the rules can be computed from a description of an
environment without loading the AWS SDK.
"""

import ipaddress
import re
from dataclasses import dataclass

import pulumi

LARGEST_PORT = 65_535

# How many public CIDR blocks the API server of an EKS cluster can be open to.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
API_BLOCKS_LIMIT = 40

# Source: Amazon EC2 API Reference, IpRange, description
DESCRIPTION_LIMIT = 255
_DESCRIPTION = re.compile(r"[\w .:/()#,@\[\]+=&;{}!$*-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class IngressRule:
    """A port that is open to named address ranges."""

    name: str
    """Short name, one of its own in a cluster: part of logical names."""

    port: int
    """The port, or the first of several."""

    to_port: int | None = None
    """The last port; None if it is one."""

    blocks: tuple[pulumi.Input[str], ...]
    """CIDR blocks, at least one, none of them the whole internet."""

    why: str
    """Who calls what through it; AWS shows it beside the rule."""

    def __post_init__(self) -> None:
        problems = [*_port_problems(self), *_why_problems(self)]
        for block in self.blocks:
            if isinstance(block, str):
                problems += block_problems(f"ingress rule {self.name!r}", block)
        if not self.blocks:
            problems.append(
                f"ingress rule {self.name!r} must name at least one CIDR block (got none). It "
                'would open nothing. Use: blocks=("10.20.0.0/16",), or leave the rule out'
            )
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def last_port(self) -> int:
        """The last port that is open."""
        return self.port if self.to_port is None else self.to_port


def block_problems(thing: str, block: str) -> list[str]:
    """List what is wrong with one CIDR block: its form, and that it is the whole internet."""
    try:
        network = ipaddress.ip_network(block)
    except ValueError:
        return [
            f"{thing} must name CIDR blocks whose host bits are zero (got {block!r}). AWS admits "
            "ranges of addresses only. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 for many"
        ]
    if network.prefixlen == 0:
        return [
            f"{thing} must not admit the whole internet (got {block}). Anybody could call it. Name "
            "the addresses that do: 198.51.100.10/32"
        ]
    return []


def _port_problems(rule: IngressRule) -> list[str]:
    if 1 <= rule.port <= rule.last_port <= LARGEST_PORT:
        return []
    return [
        f"ingress rule {rule.name!r} must go from a port to one that is not below it, in "
        f"1-{LARGEST_PORT} (got {rule.port}-{rule.last_port}). AWS refuses others. Use: port=4143"
    ]


def _why_problems(rule: IngressRule) -> list[str]:
    if len(rule.why) <= DESCRIPTION_LIMIT and _DESCRIPTION.fullmatch(rule.why):
        return []
    return [
        f"ingress rule {rule.name!r} must say why in at most {DESCRIPTION_LIMIT} letters, digits "
        f"and plain punctuation (got {rule.why!r}). AWS refuses other descriptions. "
        'Use: why="east calls the gateway"'
    ]
