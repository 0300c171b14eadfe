"""
The observed state of an environment, before it is evaluated.

It contains no secret: a token is represented by its digest. `unread` lists what could not be read,
with the reason. Such objects are unknown, which is neither missing nor healthy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linkmesh.environment import LinkSpec
from linkmesh.linkerd.links.orphans import MirrorObject

from ..mirrors.evaluate import ExportObservation
from ..mirrors.waiting import Expected


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate and its expiry."""

    name: str
    """Its purpose, e.g. `issuer`."""

    expires: datetime
    """When it expires."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A Deployment."""

    desired: int
    """Number of desired replicas."""

    available: int
    """Number of available replicas."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A kubeconfig with which a source reads from a target, without its secret."""

    account: str
    """Its service account."""

    server: str
    """URL of the API server."""

    authority: str
    """CA certificates of the API server: PEM, base64."""

    digest: str
    """Digest of the token."""

    expires: datetime | None = None
    """When the token expires; None if never."""

    rights: str = ""
    """The rights that it had when it was created, `rights.discovery_rights`; empty if unknown."""


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The Service of a cluster's gateway."""

    balanced: bool
    """Whether its address comes from a load balancer."""

    addresses: Sequence[str] = ()
    """The addresses that it has."""

    port: int | None = None
    """The port at which sources reach it; None if it has none."""

    probe_port: int | None = None
    """The port at which they probe it; None if it has none."""

    identity: str = ""
    """Its identity, from an annotation of its Service; empty if there is none."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The newest revision of a Helm release."""

    namespace: str
    """Its namespace."""

    name: str
    """Its name."""

    status: str
    """Its status, e.g. `deployed` or `pending-upgrade`."""


@dataclass(frozen=True, kw_only=True)
class ServerOverlap:
    """Two Servers that select the same port of the same pods."""

    namespace: str
    """Their namespace."""

    port: str
    """The port, a number or a name."""

    used: str
    """Name of the older one, which Linkerd uses."""

    policy: str
    """Its `accessPolicy`, which decides about callers that no policy allows."""

    ignored: str
    """Name of the other one."""


@dataclass(frozen=True, kw_only=True)
class ObservedCluster:
    """The observed state of one cluster."""

    name: str
    """Its name."""

    problem: str = ""
    """Why the cluster could not be read; empty if it could."""

    deployed: bool = True
    """Whether its stack was ever deployed."""

    unread: Mapping[str, str] = field(default_factory=dict)
    """What could not be read, with the reason."""

    contract: Mapping[str, Any] = field(default_factory=dict)
    """The output `cluster` of its stack; contains no secret."""

    kubernetes: str = ""
    """Version of its API server."""

    linkerd: str = ""
    """Version of its control plane, e.g. `edge-26.6.3`."""

    workloads: Mapping[tuple[str, str], Workload] = field(default_factory=dict)
    """Deployments of Linkerd's namespaces, by namespace and name."""

    anchors: frozenset[str] = frozenset()
    """Digests of the trust anchors that it trusts."""

    certificates: Sequence[Certificate] = ()
    """Its certificates."""

    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The specs of its `Link`s, by target."""

    mirroring: Mapping[str, Credentials] = field(default_factory=dict)
    """Credentials of its mirror controllers, by target."""

    discovery: Mapping[str, Credentials] = field(default_factory=dict)
    """Credentials of its destination controller, by target."""

    tokens: Mapping[str, str] = field(default_factory=dict)
    """Digests of the tokens that it issued to sources, by the name of their Secret."""

    renewed: Mapping[str, datetime] = field(default_factory=dict)
    """When the Leases of its mirror controllers were last renewed, by target."""

    releases: Sequence[Release] = ()
    """The Helm releases in Linkerd's namespaces."""

    domain: str = ""
    """Suffix of its DNS names, from the configuration of Linkerd; empty if unknown."""

    gateway: Gateway | None = None
    """Its gateway; None if it has none."""

    networks: frozenset[str] = frozenset()
    """CIDR blocks of pods, from the specs of its nodes; empty if those contain none."""

    exported: frozenset[tuple[str, str]] = frozenset()
    """Services with a label that exports them: namespace and name."""

    overlaps: Sequence[ServerOverlap] = ()
    """Servers that select the same port of the same pods."""

    left: Sequence[MirrorObject] = ()
    """Objects that mirror controllers created on it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of a target to a request with a link's token."""

    code: int | None
    """HTTP status; None if there was no answer."""

    why: str = ""
    """Why there was no answer."""

    resource: str = "services"
    """What was requested."""

    untrusted: bool = False
    """Whether the certificate of the API server is of another CA than that in the credentials."""


@dataclass(frozen=True, kw_only=True)
class ObservedExport:
    """The observed state of one expected mirror."""

    expected: Expected
    """The mirror."""

    observation: ExportObservation | None
    """What was observed; None if it could not be read."""

    why: str = ""
    """Why it could not be read."""


@dataclass(frozen=True, kw_only=True)
class ObservedEnvironment:
    """The observed state of an environment."""

    clusters: Mapping[str, ObservedCluster]
    """Its clusters."""

    answers: Mapping[LinkSpec, Answer]
    """Answers of targets to requests with the tokens of links."""

    exports: Sequence[ObservedExport]
    """Its expected mirrors."""

    at: datetime
    """When it was read."""
