"""
What is so in an environment at one time, in words: facts, each of one topic; pure.

A fact has a subject, which says what it is about, and a detail that may change while the subject
stays. Facts are sentences already, so that what is compared is what a reviewer reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from components import names
from stacks import exposure
from stacks.environment import (
    AccessEntry,
    Environment,
    Existing,
    Export,
    Kind,
    Member,
    Mode,
    Role,
    Route,
)
from stacks.kept import Share
from stacks.record import Snapshot


class Topic(Enum):
    """What facts are about, in the order in which they are told; the value is the heading."""

    CLUSTER = "clusters"
    LINK = "links (source calls target)"
    EXPORT = "exports"
    ROUTE = "routes (which cluster answers)"
    CALL = "who can call what"
    ADDRESS = "addresses that are let in"
    RIGHT = "rights"
    MESH = "Linkerd, and who is in the mesh"
    CERTIFICATE = "certificates and tokens"
    APPLICATION = "application"


@dataclass(frozen=True, order=True)
class Fact:
    """Something that is so in an environment."""

    subject: str
    """What it is about; two facts of one topic have two subjects."""

    detail: str = ""
    """How it is."""

    @property
    def text(self) -> str:
        """The fact as one line."""
        return f"{self.subject}: {self.detail}" if self.detail else self.subject


Facts = dict[Topic, list[Fact]]


def facts(snapshot: Snapshot) -> Facts:
    """List everything that is so in an environment at one time."""
    environment = snapshot.environment
    return {
        Topic.CLUSTER: [Fact(cluster.name, _cluster(cluster)) for cluster in environment.clusters],
        Topic.LINK: [
            Fact(str(link), ", ".join(mode.value for mode in environment.modes_of(link)))
            for link in environment.links
        ],
        Topic.EXPORT: list(_exports(environment)),
        Topic.ROUTE: list(_routes(environment)),
        Topic.CALL: list(_calls(environment)),
        Topic.ADDRESS: list(_addresses(snapshot)),
        Topic.RIGHT: list(_rights(environment)),
        Topic.MESH: list(_mesh(snapshot)),
        Topic.CERTIFICATE: list(_certificates(snapshot)),
        Topic.APPLICATION: list(_application(environment)),
    }


def _cluster(cluster: Member) -> str:
    if isinstance(cluster, Kind):
        return f"kind, {cluster.workers} workers"
    if isinstance(cluster, Existing):
        return "exists, made by somebody else"
    protected = "protected" if cluster.protect else "not protected"
    return (
        f"EKS {cluster.kubernetes} in {cluster.region}, {cluster.cidr}, "
        f"{cluster.nodes} x {'/'.join(cluster.instance_types)} with {cluster.disk_gib} GiB, "
        f"{cluster.ami.value}, NAT {cluster.nat.value.replace('_', ' ')}, {protected}"
    )


def _exports(environment: Environment) -> Iterator[Fact]:
    for export in environment.exports:
        to = ", ".join(export.to) if export.to is not None else "every linked cluster"
        yield Fact(
            f"{export.service}.{export.namespace} of {export.of}", f"to {to}, {export.mode.value}"
        )


def _routes(environment: Environment) -> Iterator[Fact]:
    for route in environment.routes:
        shares = (f"{name} {_percent(route, name)}" for name in route.weights)
        yield Fact(
            f"calls of {route.service}.{route.namespace}:{route.port} on {route.on}",
            ", ".join(shares),
        )

    for alias in environment.aliases:
        yield Fact(
            f"calls of {alias.service}.{alias.namespace}:{alias.port} on {alias.on}",
            f"all to {alias.of}, {alias.protocol.name}, by the name that callers know",
        )


def _percent(route: Route, cluster: str) -> str:
    total = sum(route.weights.values())
    return f"{100 * route.weights.get(cluster, 0) / total:.3g} %" if total else "0 %"


def _calls(environment: Environment) -> Iterator[Fact]:
    for export in environment.exports:
        for caller in environment.callers_of(export):
            yield Fact(
                f"{caller} can call {export.service}.{export.namespace} of {export.of}",
                ", ".join(_ways(environment, export, caller)),
            )


def _ways(environment: Environment, export: Export, caller: str) -> Iterator[str]:
    """Say by which name, in which way if not by the gateway, and for which share of the calls."""
    yield f"as {export.mirror}.{export.namespace}"
    if export.mode is not Mode.GATEWAY:
        yield "pod to pod under its own identity"
    for route in environment.routes:
        own = (route.on, route.namespace, route.service) == (
            caller,
            export.namespace,
            export.service,
        )
        if own and export.of in route.weights and export.mode is not Mode.FEDERATED:
            yield f"{_percent(route, export.of)} of calls of {route.service}.{route.namespace}"


def _addresses(snapshot: Snapshot) -> Iterator[Fact]:
    environment = snapshot.environment
    for one, other in snapshot.peerings:
        yield Fact(f"networks of {one} and {other} are joined")
    nats = {name: [f"NAT of {name}"] * environment.nats_of(name) for name in environment.names}
    for cluster in environment.eks:
        for row in exposure.TABLE:
            ports = ", ".join(map(str, row.ports(environment)))
            for block in dict.fromkeys(map(str, row.blocks(environment, cluster.name, nats))):
                yield Fact(f"{block} may reach the {row.place} of {cluster.name} at {ports}")


def _rights(environment: Environment) -> Iterator[Fact]:
    for link in environment.links:
        account = names.remote_access_account(link.source)
        yield Fact(f"{link.source} may look at services of {link.target}", f"account {account}")
    for cluster in environment.eks:
        for entry in environment.access_entries:
            yield Fact(f"{entry.principal} on {cluster.name}", _role(entry))


def _role(entry: AccessEntry) -> str:
    role = entry.role.value if isinstance(entry.role, Role) else entry.role
    where = ", ".join(entry.namespaces)
    return f"{role} in {where}" if where else f"{role} of the whole cluster"


def _mesh(snapshot: Snapshot) -> Iterator[Fact]:
    if snapshot.injection:
        yield Fact("injection", snapshot.injection)
        for exception in snapshot.environment.unmeshed:
            who = exception.workload or "everything"
            yield Fact(f"{who} in {exception.namespace} is not in the mesh")
    for cluster, told in sorted(snapshot.linkerd.items()):
        yield Fact(f"Linkerd on {cluster}", ", ".join(_linkerd(told)))


def _linkerd(told: Share) -> Iterator[str]:
    """Say how Linkerd is installed; always as many pieces, so that one that changes stands out."""
    yield f"charts {told['version']}"
    yield str(told["profile"])
    yield f"images of {told['registry'] or 'their own registries'}"
    yield "CNI plugin" if told["cni"] else "init containers"
    yield "with viz" if told["viz"] else "without viz"
    yield f"admin port {told['adminPort']}"
    yield f"spans to {told['tracing']}" if told["tracing"] else "no spans"
    own = " ".join(f"{key} {value}" for key, value in sorted(told["proxy"].items()))
    yield f"proxies with {own.replace('_', ' ')}" if own else "proxies as the profile has them"


def _certificates(snapshot: Snapshot) -> Iterator[Fact]:
    environment, trust = snapshot.environment, snapshot.trust
    if snapshot.issuers:
        anchors = " and ".join(map(str, trust.anchors))
        yield Fact("trust anchor", f"generation {anchors}, {trust.signing} signs")
    by_whom = (
        f"by {snapshot.cert_manager} of cert-manager" if snapshot.cert_manager else "made here"
    )
    for cluster in snapshot.issuers:
        yield Fact(f"identity issuer of {cluster}", f"generation {trust.issuers}, {by_whom}")
    tokens = ", ".join(map(str, environment.token_generations))
    for link in environment.links:
        yield Fact(f"token of {link.source} at {link.target}", f"generation {tokens}")


def _application(environment: Environment) -> Iterator[Fact]:
    yelb = environment.application
    if yelb is None:
        return
    copies = "".join(f" and {name}" for name in yelb.copies)
    tiers = {"ui": yelb.ui, "appserver": yelb.appserver + copies, "db": yelb.database + copies}
    for tier, where in tiers.items():
        yield Fact(f"yelb-{tier} in {yelb.namespace}", f"on {where}")
