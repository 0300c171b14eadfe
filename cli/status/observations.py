"""
What was seen of an environment, before anybody judges it; pure.

No secret is in it: a token is known by a digest of it. What could not be read is told in `unread`,
by what it is, with the reason: it is unknown, and never taken for missing or for well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from components.environment import LinkSpec
from components.linkerd.links.orphans import MirrorObject

from ..mirrors.evaluate import Observed
from ..mirrors.waiting import Expected


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate, by what it is for."""

    name: str
    """What it is for, e.g. `issuer`."""

    expires: datetime
    """When it expires."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A Deployment."""

    wanted: int
    """How many replicas it should have."""

    available: int
    """How many are available."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A kubeconfig by which a source looks at a target, without its secret."""

    account: str
    """The account it is of."""

    server: str
    """URL of the API server."""

    authority: str
    """Certificates that vouch for it: PEM, base64."""

    digest: str
    """Digest of the token."""

    expires: datetime | None = None
    """When the token expires; None if never."""

    rights: str = ""
    """The rights that it had when it was made, `rights.discovery_rights`; empty if not noted."""


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The Service of a cluster's gateway."""

    balanced: bool
    """Whether a load balancer should give it an address."""

    addresses: Sequence[str] = ()
    """The addresses that it has."""

    port: int | None = None
    """The port at which sources reach it; None if it has none."""

    probe_port: int | None = None
    """The port at which they probe it; None if it has none."""

    identity: str = ""
    """Its identity, as it tells it; empty if it does not."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The newest revision of a Helm release."""

    namespace: str
    """Its namespace."""

    name: str
    """Its name."""

    status: str
    """What Helm says of it, e.g. `deployed` or `pending-upgrade`."""


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
    """What that one does with callers that no policy allows: its `accessPolicy`."""

    ignored: str
    """Name of the other one."""


@dataclass(frozen=True, kw_only=True)
class ClusterSeen:
    """What was seen on one cluster."""

    name: str
    """Its name."""

    problem: str = ""
    """Why nothing could be looked at; empty if it could."""

    deployed: bool = True
    """Whether its stack was ever deployed."""

    unread: Mapping[str, str] = field(default_factory=dict)
    """What could not be read, and why."""

    told: Mapping[str, Any] = field(default_factory=dict)
    """What its stack tells, contract `cluster`; nothing of it is secret."""

    kubernetes: str = ""
    """Version of its API server."""

    linkerd: str = ""
    """Version of its control plane, an edge name."""

    workloads: Mapping[tuple[str, str], Workload] = field(default_factory=dict)
    """Deployments of Linkerd's namespaces, by namespace and name."""

    anchors: frozenset[str] = frozenset()
    """Digests of the trust anchors that it trusts."""

    certificates: Sequence[Certificate] = ()
    """Its certificates."""

    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The specs of its `Link`s, by target."""

    mirroring: Mapping[str, Credentials] = field(default_factory=dict)
    """What its mirror controllers read, by target."""

    discovery: Mapping[str, Credentials] = field(default_factory=dict)
    """What its destination controller reads, by target."""

    tokens: Mapping[str, str] = field(default_factory=dict)
    """Digests of the tokens that it gave to sources, by the name of their Secret."""

    renewed: Mapping[str, datetime] = field(default_factory=dict)
    """When the Leases of its mirror controllers were last renewed, by target."""

    releases: Sequence[Release] = ()
    """The Helm releases in Linkerd's namespaces."""

    domain: str = ""
    """Suffix of its DNS names, as Linkerd was told it; empty if that is unknown."""

    gateway: Gateway | None = None
    """Its gateway; None if it has none."""

    networks: frozenset[str] = frozenset()
    """CIDR blocks of its nodes' pods, as its nodes tell them; none if they do not."""

    exported: frozenset[tuple[str, str]] = frozenset()
    """Services with a label of exports: namespace and name."""

    overlaps: Sequence[ServerOverlap] = ()
    """Servers that select the same port of the same pods."""

    left: Sequence[MirrorObject] = ()
    """What mirror controllers made on it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a target said to a link's token."""

    code: int | None
    """HTTP status; None if there was no answer."""

    why: str = ""
    """Why there was none."""

    resource: str = "services"
    """What the token asked for."""

    untrusted: bool = False
    """Whether the API server that the source was told has no certificate of the CA it was told."""


@dataclass(frozen=True, kw_only=True)
class ExportSeen:
    """What was seen of one mirror that should be there."""

    expected: Expected
    """Which one."""

    observed: Observed | None
    """What was seen of it; None if it could not be looked at."""

    why: str = ""
    """Why it could not."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentSeen:
    """Everything that was seen of an environment."""

    clusters: Mapping[str, ClusterSeen]
    """Its clusters."""

    answers: Mapping[LinkSpec, Answer]
    """What targets said to the tokens of links."""

    exports: Sequence[ExportSeen]
    """Its mirrors."""

    at: datetime
    """When it was looked at."""
