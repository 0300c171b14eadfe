"""Rules of access: who administers the EKS clusters, and from which addresses calls come."""

from collections.abc import Iterator, Sequence

from ...access_entry import access_problems, entry_problems
from ...cidr_blocks import caller_problem
from ...hosts import authority
from ..clusters import Existing
from ..description import Environment

_API_SERVER = "https://192.0.2.10:6443"


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
    # Without administrators one problem is enough: none of the others could be one.
    found = access_problems if environment.admins else entry_problems
    for problem in found(environment.access_entries):
        # The cluster's component has both as one argument, of another name.
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
        if url is not None and (problem := _url_problem(url)):
            yield f"api_server of cluster {cluster.name!r} must be {problem}"


def _url_problem(url: str) -> str:
    """Return what the URL of an API server must be, and why; empty if it is."""
    if _authority(url) is None:
        near = url.partition("://")[2] or url
        use = f"https://{near.partition('/')[0].rpartition('@')[2]}"
        return (
            f"https://, a host, and a port if it is not 443 (got {url!r}). API servers use TLS, "
            "and have no path. Use: "
            f'api_server="{use if _authority(use) else _API_SERVER}"'
        )
    return ""


def _authority(url: str) -> tuple[str, str] | None:
    """Return host and port of the URL of an API server; None if it is not valid."""
    scheme, _, rest = url.removesuffix("/").partition("://")
    # EKS writes names of its API servers in upper case.
    return authority(rest.lower()) if scheme == "https" else None


def are_readable(blocks: Sequence[str]) -> bool:
    """Return whether blocks have no problem, so that what follows from them can be computed."""
    return not any(_blocks("", blocks))


def _blocks(thing: str, blocks: Sequence[str], *, public: bool = False) -> Iterator[str]:
    for block in blocks:
        if problem := caller_problem(thing, block, public=public):
            yield problem
