"""
Every name that an environment's description leads to, held against its limit; pure.

A matrix of services and clusters: any service might be exported by any cluster one day, so a
preview can show which names would not fit before anybody needs them. What is refused are the cells
of the matrix that a description uses. A problem names the service and the cluster, and proposes a
shorter name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import names

# What comes after the cluster's name in those of its IAM roles.
# Source: components/eks_cluster; components/network/flow_logs.py
ROLES = ("cluster", "nodes", "ebs-csi", "load-balancers", "flow-logs")


@dataclass(frozen=True, kw_only=True)
class NameCheck:
    """One name, and whether it fits."""

    kind: str
    """What bears it, in words: `mirror service`, `Lease`."""

    name: str
    """The name itself."""

    limit: int
    """How many characters it may have."""

    cluster: str
    """The cluster from whose name it is made; empty if from none."""

    service: str = ""
    """The service from whose name it is made; empty if from none."""

    proposal: str = ""
    """A shorter name for the service, or for the cluster if no service is involved; if too long."""

    @property
    def length(self) -> int:
        """How many characters it has."""
        return len(self.name)

    @property
    def fits(self) -> bool:
        """Whether it has no more than it may."""
        return self.length <= self.limit


def name_matrix(
    services: Iterable[str], clusters: Iterable[str], *, eks: Iterable[str] = ()
) -> list[NameCheck]:
    """
    Check the names of services as seen from clusters, and those of clusters.

    Args:
        services: names of the services that are, or might be, exported.
        clusters: short names of all clusters.
        eks: names in AWS of those that are EKS clusters.
    """
    known = sorted(set(services))
    checks = [federated_check(service) for service in known]
    for cluster in sorted(set(clusters)):
        checks += [mirror_check(service, cluster) for service in known]
        checks += cluster_checks(cluster)
    for cluster in sorted(set(eks)):
        checks += eks_checks(cluster)
    return checks


def name_problems(checks: Iterable[NameCheck]) -> list[str]:
    """Say of each name that is too long what it is, and what would fit."""
    return [_problem(check) for check in checks if not check.fits]


def mirror_check(service: str, cluster: str) -> NameCheck:
    """Check the name by which others call a service of one cluster."""
    room = names.SERVICE_LIMIT - len(names.mirror_service("", cluster))
    return NameCheck(
        kind="mirror service",
        name=names.mirror_service(service, cluster),
        limit=names.SERVICE_LIMIT,
        cluster=cluster,
        service=service,
        proposal=_shorter(service, room),
    )


def federated_check(service: str) -> NameCheck:
    """Check the name that stands for a service of all clusters that have it."""
    room = names.SERVICE_LIMIT - len(names.federated_service(""))
    return NameCheck(
        kind="federated service",
        name=names.federated_service(service),
        limit=names.SERVICE_LIMIT,
        cluster="",
        service=service,
        proposal=_shorter(service, room),
    )


def cluster_checks(cluster: str) -> Iterator[NameCheck]:
    """Check the names that are made of a cluster's, as a source and as a target."""
    made = {
        "cluster": (cluster, names.CLUSTER_LIMIT),
        "Link": (names.link(cluster), names.LABEL_LIMIT),
        "credentials Secret": (names.credentials_secret(cluster), names.OBJECT_LIMIT),
        "Lease": (names.lease(cluster), names.OBJECT_LIMIT),
        "mirror controller": (names.mirror_controller(cluster), names.LABEL_LIMIT),
        "probe Service": (names.probe_service(cluster), names.SERVICE_LIMIT),
        "remote access account": (names.remote_access_account(cluster), names.OBJECT_LIMIT),
        "remote access token": (names.remote_access_token(cluster), names.OBJECT_LIMIT),
    }
    for kind, (name, limit) in made.items():
        yield _of(kind, name, limit, cluster)


def eks_checks(cluster: str) -> Iterator[NameCheck]:
    """Check the names that AWS is given for an EKS cluster."""
    yield _of("EKS cluster", cluster, names.EKS_CLUSTER_LIMIT, cluster)
    for what in ROLES:
        yield _of("IAM role", names.role(f"{cluster}-{what}"), names.ROLE_LIMIT, cluster)
    balancer = names.load_balancer("linkerd-multicluster", "linkerd-gateway")
    yield _of("load balancer of the gateway", balancer, names.LOAD_BALANCER_LIMIT, cluster)
    yield _of("KMS alias", names.kms_alias(cluster), names.KMS_ALIAS_LIMIT, cluster)
    yield _of("log group", names.log_group(cluster), names.LOG_GROUP_LIMIT, cluster)


def _of(kind: str, name: str, limit: int, cluster: str) -> NameCheck:
    room = limit - (len(name) - len(cluster))
    return NameCheck(
        kind=kind, name=name, limit=limit, cluster=cluster, proposal=_shorter(cluster, room)
    )


def _shorter(name: str, room: int) -> str:
    """Cut a name to the room there is; empty if it fits, or if nothing sensible is left."""
    return "" if len(name) <= room else name[: max(room, 0)].rstrip("-")


def _problem(check: NameCheck) -> str:
    subject = f"service {check.service!r}" if check.service else f"cluster {check.cluster!r}"
    where = f" of cluster {check.cluster!r}" if check.service and check.cluster else ""
    bearer = "" if check.kind == "cluster" else f"{check.kind} of "
    renamed = subject.split()[0]
    way_out = (
        f"Shorten the {renamed}'s name, e.g. to {check.proposal!r}."
        if check.proposal
        else "Shorten the cluster's name."
    )
    return (
        f"{bearer}{subject}{where} must have a name of at most {check.limit} characters "
        f"(got {check.length}: {check.name}). It would be refused, or silently not be made. "
        f"{way_out}"
    )
