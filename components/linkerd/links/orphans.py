"""
Objects that Linkerd leaves on a source when a link is removed, and how to remove them.

When the `Link` or the Deployment of a mirror controller is removed, its mirrors stay, with
addresses that are no longer updated; they have no finalizer and no owner reference. A federated
service loses a member only while that member's controller runs.
Source: linkerd2, multicluster/cmd/service-mirror/main.go (cleanupWorkers)
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
class MirrorObject:
    """An object on a source that a mirror controller may have made."""

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

    @classmethod
    def of(cls, kind: str, metadata: Any) -> "MirrorObject":
        """Return an object, from the metadata that a client has read."""
        return cls(
            kind=kind,
            namespace=metadata.namespace or "",
            name=metadata.name or "",
            labels=metadata.labels or {},
            annotations=metadata.annotations or {},
        )


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One step: delete an object, or remove a member from a federated service."""

    kind: str
    """Its kind."""

    namespace: str
    """Its namespace."""

    name: str
    """Its name."""

    members: str | None = None
    """The remaining members on other clusters; None if the object is deleted."""


def removals(objects: Collection[MirrorObject], target: str) -> list[Removal]:
    """
    List the steps for a source whose `Link` to a target was removed.

    A Lease is deleted only after its controller, which would make it again.
    """
    steps = []
    deleted = set()
    for service in _of(objects, SERVICE):
        if (step := _of_service(service, target)) is not None:
            steps.append(step)
            if step.members is None:
                deleted.add((service.namespace, service.name))
    remaining = {(each.namespace, each.name) for each in _of(objects, SERVICE)} - deleted
    steps += [
        _removal(each)
        for each in _of(objects, ENDPOINTS)
        if each.labels.get(REMOTE_CLUSTER_NAME) == target
        and (each.namespace, each.name) not in remaining
    ]
    controllers = {
        each.name for each in _of(objects, DEPLOYMENT) if each.namespace == MULTICLUSTER_NAMESPACE
    }
    if names.mirror_controller(target) not in controllers:
        lease = (MULTICLUSTER_NAMESPACE, names.lease(target))
        steps += [
            _removal(each) for each in _of(objects, LEASE) if (each.namespace, each.name) == lease
        ]
    return sorted(steps, key=lambda step: (step.kind, step.namespace, step.name))


def targets_of(objects: Iterable[MirrorObject]) -> set[str]:
    """List the targets of which a source has objects that a mirror controller made."""
    found = set()
    for each in objects:
        if MIRRORED_SERVICE in each.labels and REMOTE_CLUSTER_NAME in each.labels:
            found.add(each.labels[REMOTE_CLUSTER_NAME])
        if each.kind == SERVICE:
            found |= {member.partition("@")[2] for member in _members(each)}
        if _is_lease_of_link(each):
            found.add(each.name.removeprefix(_LEASE_PREFIX))
    return found - {""}


def _is_lease_of_link(found: MirrorObject) -> bool:
    is_lease = found.kind == LEASE and found.namespace == MULTICLUSTER_NAMESPACE
    return is_lease and found.name.startswith(_LEASE_PREFIX)


def _of(objects: Iterable[MirrorObject], kind: str) -> list[MirrorObject]:
    return [each for each in objects if each.kind == kind]


def _of_service(service: MirrorObject, target: str) -> Removal | None:
    if MIRRORED_SERVICE not in service.labels:
        return None
    if service.labels.get(REMOTE_CLUSTER_NAME) == target:
        return _removal(service)
    members = _members(service)
    remaining = [member for member in members if member.partition("@")[2] != target]
    if len(remaining) == len(members):
        return None
    if not remaining and not service.annotations.get(LOCAL_DISCOVERY):
        return _removal(service)
    return Removal(
        kind=SERVICE,
        namespace=service.namespace,
        name=service.name,
        members=",".join(remaining),
    )


def _members(service: MirrorObject) -> list[str]:
    if MIRRORED_SERVICE not in service.labels:
        return []
    return [each for each in service.annotations.get(REMOTE_DISCOVERY, "").split(",") if each]


def _removal(found: MirrorObject) -> Removal:
    return Removal(kind=found.kind, namespace=found.namespace, name=found.name)
