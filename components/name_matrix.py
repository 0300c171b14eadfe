"""
The names that follow from those of services and clusters, compared with their limits.

A matrix: any cluster may export any service one day, so a preview shows names that would be too
long before they are needed. Only names that an environment uses are errors. A problem names
the service and the cluster, and proposes a shorter name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import names

# Endings of the names of a cluster's IAM roles, after the cluster's name.
# Source: components/eks_cluster; components/network/flow_logs.py
ROLES = ("cluster", "nodes", "ebs-csi", "load-balancers", "flow-logs")


@dataclass(frozen=True, kw_only=True)
class NameCheck:
    """One derived name, and its limit."""

    kind: str
    """What has the name, in words: `mirror service`, `Lease`."""

    name: str
    """The name."""

    limit: int
    """Maximum number of characters."""

    cluster: str
    """The cluster whose name is part of it; empty if none is."""

    service: str = ""
    """The service whose name is part of it; empty if none is."""

    proposal: str = ""
    """If it is too long: a shorter name for the service, or else for the cluster."""

    @property
    def length(self) -> int:
        """Number of characters."""
        return len(self.name)

    @property
    def fits(self) -> bool:
        """Whether it is within its limit."""
        return self.length <= self.limit


def name_matrix(
    services: Iterable[str], clusters: Iterable[str], *, eks: Iterable[str] = ()
) -> list[NameCheck]:
    """
    Check the names of services as seen from clusters, and those of clusters.

    Args:
        services: names of services that are, or may be, exported.
        clusters: names of all clusters.
        eks: names of the EKS clusters in AWS.
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
    """List the names that are too long, each with a shorter proposal."""
    return [_problem(check) for check in checks if not check.fits]


def mirror_check(service: str, cluster: str) -> NameCheck:
    """Check the name of the mirror of a cluster's service."""
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
    """Check the name of a federated service."""
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
    """Check the names that contain a cluster's, as a source and as a target."""
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
    """Check the names of AWS resources of an EKS cluster."""
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
    """Cut a name to the room for it; empty if it fits, or if nothing is left."""
    return "" if len(name) <= room else name[: max(room, 0)].rstrip("-")


def _problem(check: NameCheck) -> str:
    subject = f"service {check.service!r}" if check.service else f"cluster {check.cluster!r}"
    where = f" of cluster {check.cluster!r}" if check.service and check.cluster else ""
    owner = "" if check.kind == "cluster" else f"{check.kind} of "
    renamed = subject.split()[0]
    fix = (
        f"Shorten the {renamed}'s name, e.g. to {check.proposal!r}."
        if check.proposal
        else "Shorten the cluster's name."
    )
    return (
        f"{owner}{subject}{where} must have a name of at most {check.limit} characters "
        f"(got {check.length}: {check.name}). It would be rejected, or silently not be created. "
        f"{fix}"
    )
