"""
Rules of a cluster's security group, and the validation of CIDR blocks.

Apart from the cluster, so that the rules follow from a description of an environment without
loading the AWS SDK.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from .arguments import checked
from .cidr_blocks import LARGEST_CALLER_PREFIX, cidr_block
from .ports import LARGEST_PORT

# Source: Amazon EC2 API Reference, IpRange, description
DESCRIPTION_LIMIT = 255
_DESCRIPTION = re.compile(r"[\w .:/()#,@\[\]+=&;{}!$*-]+", re.ASCII)


@checked
@dataclass(frozen=True, kw_only=True)
class SecurityGroupIngressRule:
    """
    TCP ports that CIDR blocks may call: one rule of a security group for each block.

    Names are those of AWS: `AuthorizeSecurityGroupIngress` of the Amazon EC2 API Reference.
    """

    name: str
    """Short name, unique in a cluster: part of logical names."""

    from_port: int
    """The first port, from 1 to 65535."""

    to_port: int | None = None
    """The last port, at least `from_port`; None if there is only one."""

    cidr_blocks: Sequence[pulumi.Input[str]]
    """CIDR blocks of IPv4 or IPv6, at least one; the whole internet is not valid."""

    description: str
    """Which callers need the rule, and for what: at most 255 characters, which AWS shows."""

    def __post_init__(self) -> None:
        problems = [*_port_problems(self), *_description_problems(self)]
        for block in self.cidr_blocks:
            if isinstance(block, str):
                problems += block_problems(f"ingress rule {self.name!r}", block)
        if not self.cidr_blocks:
            problems.append(
                f"ingress rule {self.name!r} must name at least one CIDR block (got none). It "
                'would open nothing. Use: cidr_blocks=["10.20.0.0/16"], or leave the rule out'
            )
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def last_port(self) -> int:
        """The last port that is open."""
        return self.from_port if self.to_port is None else self.to_port


def block_problems(thing: str, block: str) -> list[str]:
    """List what is wrong with a CIDR block: its form, or that it is the whole internet."""
    try:
        network = cidr_block(block)
    except ValueError:
        return [
            f"{thing} must name CIDR blocks whose host bits are zero (got {block!r}). AWS accepts "
            "no others. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 for a network"
        ]
    if network.prefixlen == 0:
        return [
            f"{thing} must not allow the whole internet (got {block}). Every address could call "
            "it. Use: the addresses of the callers, e.g. 198.51.100.10/32"
        ]
    if network.version == 4 and network.prefixlen < LARGEST_CALLER_PREFIX:
        return [
            f"{thing} must be blocks of /{LARGEST_CALLER_PREFIX} or smaller (got {block}). Two of "
            "them can be the whole internet. Use: the addresses of the callers, e.g. "
            "198.51.100.10/32"
        ]
    return []


def _port_problems(rule: SecurityGroupIngressRule) -> list[str]:
    if 1 <= rule.from_port <= rule.last_port <= LARGEST_PORT:
        return []
    return [
        f"ingress rule {rule.name!r} must have ports from 1 to {LARGEST_PORT}, the smaller one "
        f"first (got {rule.from_port}-{rule.last_port}). AWS refuses others. Use: from_port=4143"
    ]


def _description_problems(rule: SecurityGroupIngressRule) -> list[str]:
    if len(rule.description) <= DESCRIPTION_LIMIT and _DESCRIPTION.fullmatch(rule.description):
        return []
    return [
        f"description of ingress rule {rule.name!r} must be 1 to {DESCRIPTION_LIMIT} letters, "
        f"digits and plain punctuation (got {rule.description!r}). AWS refuses others. "
        'Use: description="east calls the gateway"'
    ]
