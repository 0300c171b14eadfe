"""
Why a source has no mirror of an exported service, or one that leads nowhere; pure.

Linkerd makes mirrors some seconds after the export, and says little when it does not: a missing
namespace is noted in the `Link` and as an event on the target, a foreign Service of the mirror's
name nowhere. Whoever waits looks at both clusters, fills in `Observed`, and asks here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from components import names
from components.linkerd.labels import (
    LOCAL_DISCOVERY,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
    REMOTE_DISCOVERY,
)
from components.linkerd.mode import LinkMode


class Why(Enum):
    """What kind of cause it is that a source cannot call a service."""

    NAME = "name too long"
    SERVICE = "service missing"
    LABEL = "export label"
    LINK = "link missing"
    CONTROLLER = "mirror controller"
    NAMESPACE = "namespace missing"
    FOREIGN = "foreign service"
    REFUSED = "not mirrored"
    NOT_YET = "not there yet"
    MEMBER = "not a member"
    STALE = "mirror out of date"
    PORTS = "ports differ"
    ENDPOINTS = "no endpoints"
    PROBE = "gateway probe"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a source cannot call a service, and the way out."""

    why: Why
    """Its kind."""

    what: str
    """What is wrong, for people."""

    remedy: str = ""
    """What to do; empty if what is wrong says it."""

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}" if self.remedy else self.what


@dataclass(frozen=True, kw_only=True)
class Found:
    """A Service as it was found."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Its labels."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    """Its annotations."""

    external: bool = False
    """Whether it is an ExternalName."""

    ports: frozenset[tuple[str, int]] = frozenset()
    """Its ports: protocol and number."""

    version: str = ""
    """Its version on its API server; of a mirror, that of the service that it was made of."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What was seen of one exported service, on its target and on one source."""

    service: str
    """Name of the exported Service."""

    namespace: str
    """Its namespace."""

    source: str
    """The cluster that should have a mirror."""

    target: str
    """The cluster that the service runs on."""

    mode: LinkMode = LinkMode.GATEWAY
    """How it is exported."""

    label: Mapping[str, str] = field(default_factory=dict)
    """The label that exports it to this source."""

    exported: Found | None = None
    """The Service on the target; None if it is not there."""

    ready_on_target: int = 0
    """How many addresses of the Service are ready on the target."""

    has_namespace: bool = False
    """Whether the source has the namespace."""

    has_link: bool = False
    """Whether the source has the `Link`."""

    controllers: int = 0
    """How many mirror controllers of the link are available on the source."""

    messages: Sequence[str] = ()
    """What the `Link` says of this service: messages of conditions that are not true."""

    joined: bool = False
    """Whether the `Link` says that it is a member of its federated service."""

    mirror: Found | None = None
    """The Service on the source by which it would be called; None if it is not there."""

    ready_on_source: int = 0
    """How many addresses of that Service are ready."""

    waiting_on_source: int = 0
    """How many are not ready: those of a gateway that does not answer the source's probes."""

    @property
    def name(self) -> str:
        """Name of the Service by which the source calls it."""
        return self.mode.callable_name(self.service, self.target)


def why_no_mirror(observed: Observed) -> str:
    """Say why a source cannot call an exported service, and the way out; empty if it can."""
    cause = cause_of_none(observed)
    return "" if cause is None else str(cause)


def cause_of_none(observed: Observed) -> Cause | None:
    """
    Find why a source cannot call an exported service; None if it can.

    The first cause counts: what comes later often follows from it.
    """
    causes = (_never(observed), _nobody(observed), _in_the_way(observed), _leads_nowhere(observed))
    return next((cause for cause in causes if cause), None)


def _never(seen: Observed) -> Cause | None:
    """Say why there is nothing that could be mirrored."""
    subject = f"{seen.namespace}/{seen.service} on {seen.target!r}"
    if len(seen.name) > names.SERVICE_LIMIT:
        what = (
            f"{seen.name} has {len(seen.name)} characters, and a Service at most "
            f"{names.SERVICE_LIMIT}"
        )
        return Cause(why=Why.NAME, what=what, remedy=_SHORTEN)
    if seen.exported is None:
        return Cause(why=Why.SERVICE, what=f"Service {subject} is missing", remedy="deploy it")
    if seen.exported.external:
        what = f"Service {subject} is an ExternalName and has no pods"
        return Cause(why=Why.SERVICE, what=what, remedy="make it on the source too")
    for key, value in seen.label.items():
        if seen.exported.labels.get(key) != value:
            got = seen.exported.labels.get(key)
            what = f"Service {subject} has no label {key}"
            if got is not None:
                what = f"Service {subject} has {got!r} in the label {key}, not {value!r}"
            return Cause(why=Why.LABEL, what=what, remedy="deploy the export")
    return None


_SHORTEN = "shorten the name of the service or of the cluster"


def _nobody(seen: Observed) -> Cause | None:
    """Say why nobody would mirror it."""
    if not seen.has_link:
        what = f"{seen.source!r} has no Link to {seen.target!r}"
        return Cause(why=Why.LINK, what=what, remedy="deploy the part links")
    if not seen.controllers:
        what = (
            f"no mirror controller of {seen.target!r} runs on {seen.source!r}. See: kubectl -n "
            f"{MULTICLUSTER_NAMESPACE} describe deployment {names.mirror_controller(seen.target)}"
        )
        return Cause(why=Why.CONTROLLER, what=what)
    if not seen.has_namespace:
        what = f"{seen.source!r} has no namespace {seen.namespace!r}"
        remedy = "make it there as well, and the mirror appears"
        return Cause(why=Why.NAMESPACE, what=what, remedy=remedy)
    return None


def _in_the_way(seen: Observed) -> Cause | None:
    """Say why the mirror was not made, or is somebody else's."""
    if seen.mirror is not None and not _is_linkerds(seen, seen.mirror):
        what = (
            f"a Service {seen.namespace}/{seen.name} that is not Linkerd's is in the way on "
            f"{seen.source!r}, which Linkerd leaves alone"
        )
        return Cause(why=Why.FOREIGN, what=what, remedy="rename or remove it")
    if seen.messages:
        what = f"the Link to {seen.target!r} says: {'; '.join(seen.messages)}"
        return Cause(why=Why.REFUSED, what=what)
    if seen.mirror is not None:
        return _behind(seen, seen.mirror)
    if seen.mode is LinkMode.FEDERATED and seen.joined:
        # Its last member that Linkerd knew of left, and took the service with it.
        return _not_a_member(seen)
    what = f"{seen.namespace}/{seen.name} is not there yet, and nothing is in its way"
    return Cause(why=Why.NOT_YET, what=what, remedy="wait")


def _behind(seen: Observed, mirror: Found) -> Cause | None:
    """Say that a mirror does not follow its service: the controller has not seen its changes."""
    if seen.mode is LinkMode.FEDERATED:
        is_member = f"{seen.service}@{seen.target}" in _members(mirror)
        return None if is_member else _not_a_member(seen)
    if seen.exported is not None and mirror.version != seen.exported.version:
        what = (
            f"{seen.namespace}/{seen.name} on {seen.source!r} is the mirror of an earlier version "
            f"of the service: its controller does not see the changes of {seen.target!r}"
        )
        controller = names.mirror_controller(seen.target)
        see = f"see its log: kubectl -n {MULTICLUSTER_NAMESPACE} logs deployment/{controller}"
        return Cause(why=Why.STALE, what=what, remedy=see)
    return None


def _not_a_member(seen: Observed) -> Cause:
    """
    Say that a federated service lacks a member.

    If two controllers create a federated service at once, Linkerd takes the failure of the slower
    one for a success: its member joins with the next event, after up to ten minutes.
    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (handleCreateFederatedService)
    """
    return Cause(
        why=Why.MEMBER,
        what=f"{seen.namespace}/{seen.name} on {seen.source!r} has no member {seen.target!r}",
        remedy=f"restart its controller: kubectl -n {MULTICLUSTER_NAMESPACE} rollout restart "
        f"deployment {names.mirror_controller(seen.target)}",
    )


def _members(mirror: Found) -> list[str]:
    return mirror.annotations.get(REMOTE_DISCOVERY, "").split(",")


def _leads_nowhere(seen: Observed) -> Cause | None:
    """Say why a mirror has other ports, or no addresses; pod to pod it needs none."""
    if seen.mode is not LinkMode.FEDERATED and (ports := _other_ports(seen)):
        return ports
    # Whatever the mirror has: addresses of a controller that no longer follows mean nothing.
    if not seen.ready_on_target:
        what = f"{seen.namespace}/{seen.service} has no ready endpoints on {seen.target!r}"
        return Cause(why=Why.ENDPOINTS, what=what, remedy="see to its pods")
    if seen.mode is not LinkMode.GATEWAY or seen.ready_on_source:
        return None
    # Without ready pods Linkerd empties the mirror; a gateway that is silent keeps its addresses
    # there, not ready. Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    what = (
        f"{seen.namespace}/{seen.name} has no ready endpoints although the service has: the "
        f"gateway of {seen.target!r} does not answer {seen.source!r}'s probes on its probe port"
    )
    return Cause(why=Why.PROBE if seen.waiting_on_source else Why.ENDPOINTS, what=what)


def _other_ports(seen: Observed) -> Cause | None:
    """Say that a mirror was made of a service that has other ports by now."""
    if seen.exported is None or seen.mirror is None or seen.exported.ports == seen.mirror.ports:
        return None
    told, has = (
        ", ".join(f"{number}/{protocol}" for protocol, number in sorted(found.ports)) or "none"
        for found in (seen.exported, seen.mirror)
    )
    what = (
        f"{seen.namespace}/{seen.name} on {seen.source!r} has other ports ({has}) than the service "
        f"on {seen.target!r} ({told})"
    )
    remedy = (
        f"remove the mirror, and its controller makes it again: kubectl -n {seen.namespace} "
        f"delete service {seen.name}"
    )
    return Cause(why=Why.PORTS, what=what, remedy=remedy)


def _is_linkerds(seen: Observed, service: Found) -> bool:
    if seen.mode is LinkMode.FEDERATED:
        return bool({REMOTE_DISCOVERY, LOCAL_DISCOVERY} & set(service.annotations))
    return (
        MIRRORED_SERVICE in service.labels
        and service.labels.get(REMOTE_CLUSTER_NAME) == seen.target
    )
