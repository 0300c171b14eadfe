"""Rules of access: who administers the EKS clusters, and from which addresses calls come."""

from collections.abc import Iterator, Sequence

from ...access_entry import access_problems
from ...cidr_blocks import caller_problem
from ..clusters import Existing
from ..description import Environment


def principals(environment: Environment) -> Iterator[str]:
    """Find EKS clusters without administrators or operators, and wrong access entries."""
    if environment.eks and not environment.admins:
        yield (
            "admins must name at least one IAM principal (got none). Making an EKS cluster does "
            'not administer it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
        )
    if environment.eks and not environment.operators:
        yield (
            "operators must name at least one CIDR block (got none). The API servers of the EKS "
            'clusters could not be reached. Use: operators=["<your address>/32"]'
        )
    if environment.admins:
        yield from access_problems(environment.access_entries)


def addresses(environment: Environment) -> Iterator[str]:
    """Find blocks from which no call can come, or which EKS would refuse."""
    yield from _blocks("operators", environment.operators)
    for cluster in environment.clusters:
        if isinstance(cluster, Existing):
            yield from _blocks(f"egress of cluster {cluster.name!r}", cluster.egress, public=True)


def are_readable(blocks: Sequence[str]) -> bool:
    """Return whether blocks have no problem, so that what follows from them can be computed."""
    return not any(_blocks("", blocks))


def _blocks(thing: str, blocks: Sequence[str], *, public: bool = False) -> Iterator[str]:
    for block in blocks:
        if problem := caller_problem(thing, block, public=public):
            yield problem
