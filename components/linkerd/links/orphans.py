"""
What Linkerd leaves on a source when a link goes, and what is to become of each object; pure.

A mirror controller whose `Link` or Deployment goes leaves its mirrors standing, with addresses
that nobody sees to any more; no finalizer and no owner reference leads to them. A federated service
loses a member only while that member's controller runs.
Source: linkerd2, multicluster/cmd/service-mirror/main.go (cleanupWorkers)
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ... import names
from ..labels import (
    LOCAL_DISCOVERY,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
    REMOTE_DISCOVERY,
)

SERVICE, ENDPOINTS, LEASE, DEPLOYMENT = "Service", "Endpoints", "Lease", "Deployment"

_LEASE_PREFIX = names.lease("")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One object on a source."""

    kind: str
    """Its kind."""

    namespace: str
    """Its namespace."""

    name: str
    """Its name."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Its labels."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    """Its annotations."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One step: an object goes, or a federated service loses a member."""

    kind: str
    """Its kind."""

    namespace: str
    """Its namespace."""

    name: str
    """Its name."""

    members: str | None = None
    """The members on other clusters that a federated service keeps; None if the object goes."""


def removals(seen: Collection[Seen], target: str) -> list[Removal]:
    """
    List what is to be done on a source that has no `Link` to a target any more.

    A Lease goes only after its controller, which would make it again.
    """
    steps = []
    gone = set()
    for service in _of(seen, SERVICE):
        if (step := _of_service(service, target)) is not None:
            steps.append(step)
            if step.members is None:
                gone.add((service.namespace, service.name))
    kept = {(each.namespace, each.name) for each in _of(seen, SERVICE)} - gone
    steps += [
        _removal(each)
        for each in _of(seen, ENDPOINTS)
        if each.labels.get(REMOTE_CLUSTER_NAME) == target
        and (each.namespace, each.name) not in kept
    ]
    controllers = {
        each.name for each in _of(seen, DEPLOYMENT) if each.namespace == MULTICLUSTER_NAMESPACE
    }
    if names.mirror_controller(target) not in controllers:
        lease = (MULTICLUSTER_NAMESPACE, names.lease(target))
        steps += [
            _removal(each) for each in _of(seen, LEASE) if (each.namespace, each.name) == lease
        ]
    return sorted(steps, key=lambda step: (step.kind, step.namespace, step.name))


def targets_seen(seen: Iterable[Seen]) -> set[str]:
    """Tell of which targets a source has something that a mirror controller made."""
    found = set()
    for each in seen:
        if MIRRORED_SERVICE in each.labels and REMOTE_CLUSTER_NAME in each.labels:
            found.add(each.labels[REMOTE_CLUSTER_NAME])
        if each.kind == SERVICE:
            found |= {member.partition("@")[2] for member in _members(each)}
        if _is_lease_of_link(each):
            found.add(each.name.removeprefix(_LEASE_PREFIX))
    return found - {""}


def _is_lease_of_link(seen: Seen) -> bool:
    is_lease = seen.kind == LEASE and seen.namespace == MULTICLUSTER_NAMESPACE
    return is_lease and seen.name.startswith(_LEASE_PREFIX)


def _of(seen: Iterable[Seen], kind: str) -> list[Seen]:
    return [each for each in seen if each.kind == kind]


def _of_service(service: Seen, target: str) -> Removal | None:
    if MIRRORED_SERVICE not in service.labels:
        return None
    if service.labels.get(REMOTE_CLUSTER_NAME) == target:
        return _removal(service)
    members = _members(service)
    kept = [member for member in members if member.partition("@")[2] != target]
    if len(kept) == len(members):
        return None
    if not kept and not service.annotations.get(LOCAL_DISCOVERY):
        return _removal(service)
    return Removal(
        kind=SERVICE,
        namespace=service.namespace,
        name=service.name,
        members=",".join(kept),
    )


def _members(service: Seen) -> list[str]:
    if MIRRORED_SERVICE not in service.labels:
        return []
    return [each for each in service.annotations.get(REMOTE_DISCOVERY, "").split(",") if each]


def _removal(seen: Seen) -> Removal:
    return Removal(kind=seen.kind, namespace=seen.namespace, name=seen.name)
