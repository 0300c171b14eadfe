"""
Why a source has no mirror of an exported service, or one that leads nowhere; pure.

Linkerd makes mirrors some seconds after the export, and says little when it does not: a missing
namespace is noted in the `Link` and as an event on the target, a foreign Service of the mirror's
name nowhere. Whoever waits looks at both clusters, fills in `Observed`, and asks here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import names
from .mode import Mode

# Source: linkerd2, pkg/k8s/labels.go
MIRRORED = "mirror.linkerd.io/mirrored-service"
CLUSTER_NAME = "mirror.linkerd.io/cluster-name"

# A federated service is nobody's mirror in particular: these annotations tell whose it is.
# Source: linkerd2, pkg/k8s/labels.go (RemoteDiscoveryAnnotation, LocalDiscoveryAnnotation)
REMOTE_DISCOVERY = "multicluster.linkerd.io/remote-discovery"
LOCAL_DISCOVERY = "multicluster.linkerd.io/local-discovery"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A Service as it was found."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Its labels."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    """Its annotations."""

    external: bool = False
    """Whether it is an ExternalName."""


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

    mode: Mode = Mode.GATEWAY
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

    mirror: Found | None = None
    """The Service on the source by which it would be called; None if it is not there."""

    ready_on_source: int = 0
    """How many addresses of that Service are ready."""

    @property
    def name(self) -> str:
        """Name of the Service by which the source calls it."""
        if self.mode is Mode.FEDERATED:
            return names.federated_service(self.service)
        return names.mirror_service(self.service, self.target)


def why_no_mirror(observed: Observed) -> str:
    """
    Say why a source cannot call an exported service, and the way out; empty if it can.

    The first cause counts: what comes later often follows from it.
    """
    causes = (_never(observed), _nobody(observed), _in_the_way(observed), _leads_nowhere(observed))
    return next((cause for cause in causes if cause), "")


def _never(seen: Observed) -> str:
    """Say why there is nothing that could be mirrored."""
    subject = f"{seen.namespace}/{seen.service} on {seen.target!r}"
    if len(seen.name) > names.SERVICE_LIMIT:
        return (
            f"{seen.name} has {len(seen.name)} characters, and a Service at most "
            f"{names.SERVICE_LIMIT}: shorten the name of the service or of the cluster"
        )
    if seen.exported is None:
        return f"Service {subject} is missing: deploy it"
    if seen.exported.external:
        return f"Service {subject} is an ExternalName and has no pods: make it on the source too"
    for key, value in seen.label.items():
        if seen.exported.labels.get(key) != value:
            got = seen.exported.labels.get(key)
            found = "has no label" if got is None else f"has {got!r} in the label"
            return f"Service {subject} {found} {key}, not {value!r}: deploy the export"
    return ""


def _nobody(seen: Observed) -> str:
    """Say why nobody would mirror it."""
    if not seen.has_link:
        return f"{seen.source!r} has no Link to {seen.target!r}: deploy the part links"
    if not seen.controllers:
        deployment = f"linkerd-multicluster/{names.mirror_controller(seen.target)}"
        return (
            f"no mirror controller of {seen.target!r} runs on {seen.source!r}. See: "
            f"kubectl -n linkerd-multicluster describe deployment {deployment.split('/')[1]}"
        )
    if not seen.has_namespace:
        return (
            f"{seen.source!r} has no namespace {seen.namespace!r}: make it there as well, and the "
            "mirror appears"
        )
    return ""


def _in_the_way(seen: Observed) -> str:
    """Say why the mirror was not made, or is somebody else's."""
    if seen.mirror is not None and not _is_linkerds(seen, seen.mirror):
        return (
            f"a Service {seen.namespace}/{seen.name} that is not Linkerd's is in the way on "
            f"{seen.source!r}, which Linkerd leaves alone: rename or remove it"
        )
    if seen.mirror is not None:
        return ""
    if seen.messages:
        return f"the Link to {seen.target!r} says: {'; '.join(seen.messages)}"
    return f"{seen.namespace}/{seen.name} is not there yet, and nothing is in its way: wait"


def _leads_nowhere(seen: Observed) -> str:
    """Say why a mirror has no addresses; pod to pod it needs none."""
    if seen.mode is not Mode.GATEWAY or seen.ready_on_source:
        return ""
    if not seen.ready_on_target:
        return (
            f"{seen.namespace}/{seen.service} has no ready endpoints on {seen.target!r}: see to "
            "its pods"
        )
    return (
        f"{seen.namespace}/{seen.name} has no ready endpoints although the service has: the "
        f"gateway of {seen.target!r} does not answer {seen.source!r}'s probes on its probe port"
    )


def _is_linkerds(seen: Observed, service: Found) -> bool:
    if seen.mode is Mode.FEDERATED:
        return bool({REMOTE_DISCOVERY, LOCAL_DISCOVERY} & set(service.annotations))
    return MIRRORED in service.labels and service.labels.get(CLUSTER_NAME) == seen.target
