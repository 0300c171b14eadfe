"""Rules about IPv4 ranges that AWS checks and ministack does not."""

from collections.abc import Iterable
from ipaddress import IPv4Network

from sandbox.plugins.aws.cloud import AwsRefused
from sandbox.plugins.contract import Refused

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 28

ANYWHERE = "0.0.0.0/0"


def network(name: str, cidr: str) -> IPv4Network:
    """Read a range; AWS' provider refuses one whose host bits are set."""
    try:
        return IPv4Network(cidr)
    except ValueError as error:
        raise Refused(
            f"'{name}' must be an IPv4 CIDR block (got {cidr!r}: {error}). Use: 10.10.0.0/16", name
        ) from error


def check_size(what: str, code: str, block: IPv4Network) -> None:
    """Refuse ranges that no VPC or subnet may have."""
    if not LARGEST_PREFIX <= block.prefixlen <= SMALLEST_PREFIX:
        raise AwsRefused(
            code,
            f"The CIDR '{block}' is invalid. (A {what} must be between /{LARGEST_PREFIX} and "
            f"/{SMALLEST_PREFIX})",
        )


def overlapping(block: IPv4Network, others: Iterable[str]) -> str | None:
    """Give the first of the ranges that overlaps."""
    for other in others:
        if block.overlaps(IPv4Network(other)):
            return other
    return None
