"""
Why a source cannot call an exported service: it has no mirror, or one without endpoints.

Linkerd creates mirrors some seconds after the export, and reports little when it does not: a
missing namespace in the `Link` and as an event on the target, a foreign Service with the mirror's
name not at all. `collect` reads both clusters into an `ExportObservation`, which is evaluated here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from linkmesh import names
from linkmesh.linkerd.labels import (
    LOCAL_DISCOVERY,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
    REMOTE_DISCOVERY,
)
from linkmesh.linkerd.mode import LinkMode


class CauseKind(Enum):
    """Kinds of causes why a source cannot call a service."""

    NAME = "name too long"
    SERVICE = "service missing"
    LABEL = "export label"
    LINK = "link missing"
    CONTROLLER = "mirror controller"
    NAMESPACE = "namespace missing"
    FOREIGN = "foreign service"
    NOT_MIRRORED = "not mirrored"
    NOT_YET = "not there yet"
    MEMBER = "not a member"
    STALE = "mirror out of date"
    PORTS = "ports differ"
    ENDPOINTS = "no endpoints"
    PROBE = "gateway probe"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a source cannot call a service, and the remedy."""

    kind: CauseKind
    """Its kind."""

    text: str
    """What is wrong, as a sentence."""

    remedy: str = ""
    """What to do; empty if `text` says it."""

    def __str__(self) -> str:
        return f"{self.text}: {self.remedy}" if self.remedy else self.text


@dataclass(frozen=True, kw_only=True)
class ObservedService:
    """A Service on a cluster."""

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
class ExportObservation:
    """The observed state of one exported service, on its target and on one source."""

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

    is_labelled: bool = False
    """Whether the owner of the Service sets the label, and the Service may come later."""

    exported: ObservedService | None = None
    """The Service on the target; None if it does not exist."""

    ready_on_target: int = 0
    """Number of ready addresses of the Service on the target."""

    has_namespace: bool = False
    """Whether the source has the namespace."""

    has_link: bool = False
    """Whether the source has the `Link`."""

    controllers: int = 0
    """Number of available mirror controllers of the link on the source."""

    messages: Sequence[str] = ()
    """Messages of false conditions about this service in the status of the `Link`."""

    joined: bool = False
    """Whether the `Link` says that it is a member of its federated service."""

    mirror: ObservedService | None = None
    """The Service on the source under whose name it is called; None if it does not exist."""

    ready_on_source: int = 0
    """Number of ready addresses of that Service."""

    waiting_on_source: int = 0
    """Number of its addresses that are not ready: the gateway does not answer the probes."""

    @property
    def name(self) -> str:
        """Name of the Service by which the source calls it."""
        return self.mode.callable_name(self.service, self.target)


def problem_text(observed: ExportObservation) -> str:
    """Return why a source cannot call an exported service, and the remedy; empty if it can."""
    cause = find_cause(observed)
    return "" if cause is None else str(cause)


def find_cause(observed: ExportObservation) -> Cause | None:
    """
    Find why a source cannot call an exported service; None if it can.

    The first cause counts, because it often causes the later ones.
    """
    causes = (
        _of_service(observed),
        _of_controller(observed),
        _of_mirror(observed),
        _of_endpoints(observed),
    )
    return next((cause for cause in causes if cause), None)


def _of_service(observed: ExportObservation) -> Cause | None:
    """Check the exported Service, its name and its label."""
    subject = f"{observed.namespace}/{observed.service} on {observed.target!r}"
    if len(observed.name) > names.SERVICE_LIMIT:
        text = (
            f"{observed.name} has {len(observed.name)} characters, and a Service at most "
            f"{names.SERVICE_LIMIT}"
        )
        return Cause(kind=CauseKind.NAME, text=text, remedy=_SHORTEN)
    if observed.exported is None:
        return Cause(
            kind=CauseKind.SERVICE, text=f"Service {subject} is missing", remedy="deploy it"
        )
    if observed.exported.external:
        text = f"Service {subject} is an ExternalName and has no pods"
        return Cause(kind=CauseKind.SERVICE, text=text, remedy="create it on the source too")
    for key, value in observed.label.items():
        if observed.exported.labels.get(key) != value:
            actual = observed.exported.labels.get(key)
            text = f"Service {subject} has no label {key}"
            if actual is not None:
                text = f"Service {subject} has {actual!r} in the label {key}, not {value!r}"
            owner = f"its owner must set {key}={value}"
            remedy = owner if observed.is_labelled else "deploy the export"
            return Cause(kind=CauseKind.LABEL, text=text, remedy=remedy)
    return None


_SHORTEN = "shorten the name of the service or of the cluster"


def _of_controller(observed: ExportObservation) -> Cause | None:
    """Check link, mirror controller and namespace on the source."""
    if not observed.has_link:
        text = f"{observed.source!r} has no Link to {observed.target!r}"
        return Cause(kind=CauseKind.LINK, text=text, remedy="deploy the part links")
    if not observed.controllers:
        text = (
            f"no mirror controller of {observed.target!r} runs on {observed.source!r}. See: "
            f"kubectl -n {MULTICLUSTER_NAMESPACE} describe deployment "
            f"{names.mirror_controller(observed.target)}"
        )
        return Cause(kind=CauseKind.CONTROLLER, text=text)
    if not observed.has_namespace:
        text = f"{observed.source!r} has no namespace {observed.namespace!r}"
        remedy = "create it there as well, and the mirror appears"
        return Cause(kind=CauseKind.NAMESPACE, text=text, remedy=remedy)
    return None


def _of_mirror(observed: ExportObservation) -> Cause | None:
    """Check whether the mirror exists and is Linkerd's."""
    if observed.mirror is not None and not _is_linkerds(observed, observed.mirror):
        text = (
            f"a Service {observed.namespace}/{observed.name} that is not Linkerd's is in the way "
            f"on {observed.source!r}, which Linkerd does not replace"
        )
        return Cause(kind=CauseKind.FOREIGN, text=text, remedy="rename or remove it")
    if observed.messages:
        text = f"the Link to {observed.target!r} says: {'; '.join(observed.messages)}"
        return Cause(kind=CauseKind.NOT_MIRRORED, text=text)
    if observed.mirror is not None:
        return _of_version(observed, observed.mirror)
    if observed.mode is LinkMode.FEDERATED and observed.joined:
        # The last member that Linkerd knew of left, and Linkerd deleted the service.
        return _not_a_member(observed)
    text = f"{observed.namespace}/{observed.name} does not exist yet, and nothing prevents it"
    return Cause(kind=CauseKind.NOT_YET, text=text, remedy="wait")


def _of_version(observed: ExportObservation, mirror: ObservedService) -> Cause | None:
    """Check whether the mirror has the latest changes of its service."""
    if observed.mode is LinkMode.FEDERATED:
        is_member = f"{observed.service}@{observed.target}" in _members(mirror)
        return None if is_member else _not_a_member(observed)
    if observed.exported is not None and mirror.version != observed.exported.version:
        text = (
            f"{observed.namespace}/{observed.name} on {observed.source!r} is the mirror of an "
            "earlier version of the service: its controller does not see the changes of "
            f"{observed.target!r}"
        )
        controller = names.mirror_controller(observed.target)
        remedy = f"check its log: kubectl -n {MULTICLUSTER_NAMESPACE} logs deployment/{controller}"
        return Cause(kind=CauseKind.STALE, text=text, remedy=remedy)
    return None


def _not_a_member(observed: ExportObservation) -> Cause:
    """
    Return that a federated service lacks a member.

    If two controllers create a federated service at once, Linkerd takes the failure of the slower
    one for a success: its member joins with the next event, after up to ten minutes.
    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (handleCreateFederatedService)
    """
    return Cause(
        kind=CauseKind.MEMBER,
        text=f"{observed.namespace}/{observed.name} on {observed.source!r} has no member "
        f"{observed.target!r}",
        remedy=f"restart its controller: kubectl -n {MULTICLUSTER_NAMESPACE} rollout restart "
        f"deployment {names.mirror_controller(observed.target)}",
    )


def _members(mirror: ObservedService) -> list[str]:
    return mirror.annotations.get(REMOTE_DISCOVERY, "").split(",")


def _of_endpoints(observed: ExportObservation) -> Cause | None:
    """Check ports and addresses of a mirror; in pod-to-pod modes it needs no addresses."""
    if observed.mode is not LinkMode.FEDERATED and (ports := _other_ports(observed)):
        return ports
    # Checked first: a controller that no longer updates the mirror leaves old addresses in it.
    if not observed.ready_on_target:
        text = (
            f"{observed.namespace}/{observed.service} has no ready endpoints on {observed.target!r}"
        )
        return Cause(kind=CauseKind.ENDPOINTS, text=text, remedy="check its pods")
    if observed.mode is not LinkMode.GATEWAY or observed.ready_on_source:
        return None
    # Without ready pods Linkerd empties the mirror; a gateway that is silent keeps its addresses
    # there, not ready. Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
    text = (
        f"{observed.namespace}/{observed.name} has no ready endpoints although the service has: "
        f"the gateway of {observed.target!r} does not answer {observed.source!r}'s probes on its "
        "probe port"
    )
    return Cause(
        kind=CauseKind.PROBE if observed.waiting_on_source else CauseKind.ENDPOINTS, text=text
    )


def _other_ports(observed: ExportObservation) -> Cause | None:
    """Check whether the ports of the service have changed since the mirror was created."""
    if (
        observed.exported is None
        or observed.mirror is None
        or observed.exported.ports == observed.mirror.ports
    ):
        return None
    expected, actual = (
        ", ".join(f"{number}/{protocol}" for protocol, number in sorted(found.ports)) or "none"
        for found in (observed.exported, observed.mirror)
    )
    text = (
        f"{observed.namespace}/{observed.name} on {observed.source!r} has other ports ({actual}) "
        f"than the service on {observed.target!r} ({expected})"
    )
    remedy = (
        f"delete the mirror, and its controller creates it again: kubectl -n {observed.namespace} "
        f"delete service {observed.name}"
    )
    return Cause(kind=CauseKind.PORTS, text=text, remedy=remedy)


def _is_linkerds(observed: ExportObservation, service: ObservedService) -> bool:
    if observed.mode is LinkMode.FEDERATED:
        return bool({REMOTE_DISCOVERY, LOCAL_DISCOVERY} & set(service.annotations))
    return (
        MIRRORED_SERVICE in service.labels
        and service.labels.get(REMOTE_CLUSTER_NAME) == observed.target
    )
