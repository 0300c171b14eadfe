"""Rules of access: who administers the EKS clusters, and from which addresses calls come."""

import re
from collections.abc import Iterator, Sequence

from ...access_entry import access_problems
from ...cidr_blocks import caller_problem
from ..clusters import Existing
from ..description import Environment

_API_SERVER = re.compile(r"https://([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?/?", re.ASCII)


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
        # The cluster's component has both as one argument, of another name.
        for problem in access_problems(environment.access_entries):
            yield problem.replace("access_entries of", "access of").replace(
                "access_entries", "admins or access"
            )


def addresses(environment: Environment) -> Iterator[str]:
    """Find blocks from which no call can come, or which EKS would refuse."""
    yield from _blocks("operators", environment.operators)
    for cluster in environment.clusters:
        if isinstance(cluster, Existing):
            yield from _blocks(f"egress of cluster {cluster.name!r}", cluster.egress, public=True)


def api_servers(environment: Environment) -> Iterator[str]:
    """Find URLs at which no API server answers."""
    for cluster in environment.clusters:
        url = cluster.api_server if isinstance(cluster, Existing) else None
        if url is not None and not _API_SERVER.fullmatch(url):
            host = url.split("://")[-1].split("/")[0] or "192.0.2.10:6443"
            yield (
                f"api_server of cluster {cluster.name!r} must be https://, a host, and a port if "
                f"it is not 443 (got {url!r}). API servers use TLS, and have no path. "
                f'Use: api_server="https://{host}"'
            )


def are_readable(blocks: Sequence[str]) -> bool:
    """Return whether blocks have no problem, so that what follows from them can be computed."""
    return not any(_blocks("", blocks))


def _blocks(thing: str, blocks: Sequence[str], *, public: bool = False) -> Iterator[str]:
    for block in blocks:
        if problem := caller_problem(thing, block, public=public):
            yield problem
