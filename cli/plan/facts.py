"""
What is so in an environment at one time, in words: facts, each of one topic; pure.

A fact has a subject, which says what it is about, and a detail that may change while the subject
stays. Facts are sentences already, so that what is compared is what a reviewer reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from components.environment import (
    AccessEntry,
    AccessPolicy,
    ClusterSpec,
    Environment,
    Existing,
    Export,
    Kind,
    LinkMode,
    Plan,
    RoutePlan,
)
from stacks.snapshot import Snapshot, StackRecord


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
    plan = snapshot.plan
    return {
        Topic.CLUSTER: [
            Fact(cluster.name, _cluster(cluster.described)) for cluster in plan.clusters.values()
        ],
        Topic.LINK: [
            Fact(str(link), ", ".join(mode.value for mode in link.modes)) for link in plan.links
        ],
        Topic.EXPORT: list(_exports(plan.environment)),
        Topic.ROUTE: list(_routes(plan)),
        Topic.CALL: list(_calls(plan)),
        Topic.ADDRESS: list(_addresses(snapshot)),
        Topic.RIGHT: list(_rights(plan)),
        Topic.MESH: list(_mesh(snapshot)),
        Topic.CERTIFICATE: list(_certificates(snapshot)),
        Topic.APPLICATION: list(_application(plan)),
    }


def _cluster(cluster: ClusterSpec) -> str:
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


def _routes(plan: Plan) -> Iterator[Fact]:
    for planned in plan.routes:
        route = planned.described
        parts = (f"{name} {_percent(planned, name)}" for name in route.weights)
        yield Fact(
            f"calls of {route.service}.{route.namespace}:{route.port} on {route.on}",
            ", ".join(parts),
        )
    for alias in plan.environment.aliases:
        yield Fact(
            f"calls of {alias.service}.{alias.namespace}:{alias.port} on {alias.on}",
            f"all to {alias.of}, {alias.protocol.name}, by the name that callers know",
        )


def _percent(route: RoutePlan, cluster: str) -> str:
    return f"{route.percent(cluster):.3g} %"


def _calls(plan: Plan) -> Iterator[Fact]:
    for planned in plan.exports:
        export = planned.described
        for caller in planned.callers:
            yield Fact(
                f"{caller} can call {export.service}.{export.namespace} of {export.of}",
                ", ".join(_ways(plan, export, caller)),
            )


def _ways(plan: Plan, export: Export, caller: str) -> Iterator[str]:
    """Say by which name, in which way if not by the gateway, and for which part of the calls."""
    yield f"as {export.mirror}.{export.namespace}"
    if export.mode is not LinkMode.GATEWAY:
        yield "pod to pod under its own identity"
    for planned in plan.routes:
        route = planned.described
        own = (route.on, route.namespace, route.service) == (
            caller,
            export.namespace,
            export.service,
        )
        if own and export.of in route.weights and export.mode is not LinkMode.FEDERATED:
            yield f"{_percent(planned, export.of)} of calls of {route.service}.{route.namespace}"


def _addresses(snapshot: Snapshot) -> Iterator[Fact]:
    plan = snapshot.plan
    for one, other in snapshot.peerings:
        yield Fact(f"networks of {one} and {other} are joined")
    for cluster in plan.eks:
        for opening in cluster.openings:
            ports = ", ".join(map(str, opening.ports))
            for block in dict.fromkeys(map(str, opening.blocks)):
                place = f"{opening.row.place} of {cluster.name}"
                yield Fact(f"{block} may reach the {place} at {ports}")


def _rights(plan: Plan) -> Iterator[Fact]:
    for link in plan.links:
        yield Fact(
            f"{link.source} may look at services of {link.target}", f"account {link.account}"
        )
    for cluster in plan.eks:
        for entry in plan.environment.access_entries:
            yield Fact(f"{entry.principal_arn} on {cluster.name}", _policy(entry))


def _policy(entry: AccessEntry) -> str:
    policy = entry.policy.value if isinstance(entry.policy, AccessPolicy) else entry.policy
    where = ", ".join(entry.namespaces)
    return f"{policy} in {where}" if where else f"{policy} of the whole cluster"


def _mesh(snapshot: Snapshot) -> Iterator[Fact]:
    if snapshot.injection:
        yield Fact("injection", snapshot.injection)
        for exception in snapshot.plan.environment.unmeshed:
            who = exception.workload or "everything"
            yield Fact(f"{who} in {exception.namespace} is not in the mesh")
    for cluster, told in sorted(snapshot.linkerd.items()):
        yield Fact(f"Linkerd on {cluster}", ", ".join(_linkerd(told)))


def _linkerd(told: StackRecord) -> Iterator[str]:
    """Say how Linkerd is installed; always as many pieces, so that one that changes stands out."""
    yield f"charts {told['version']}"
    yield str(told["profile"])
    yield f"images of {told['registry'] or 'their own registries'}"
    yield "CNI plugin" if told["cni"] else "init containers"
    yield "with viz" if told["viz"] else "without viz"
    # Older versions did not say it, and allowed none.
    yield "sources may check it" if told.get("check") else "sources may not check it"
    yield f"admin port {told['adminPort']}"
    yield f"spans to {told['tracing']}" if told["tracing"] else "no spans"
    own = " ".join(f"{key} {value}" for key, value in sorted(told["proxy"].items()))
    yield f"proxies with {own.replace('_', ' ')}" if own else "proxies as the profile has them"


def _certificates(snapshot: Snapshot) -> Iterator[Fact]:
    plan, trust = snapshot.plan, snapshot.trust
    if snapshot.issuers:
        anchors = " and ".join(map(str, trust.anchors))
        yield Fact("trust anchor", f"generation {anchors}, {trust.signing} signs")
    by_whom = (
        f"by {snapshot.cert_manager} of cert-manager" if snapshot.cert_manager else "made here"
    )
    for cluster in snapshot.issuers:
        yield Fact(f"identity issuer of {cluster}", f"generation {trust.issuers}, {by_whom}")
    tokens = ", ".join(map(str, plan.environment.token_generations))
    for link in plan.links:
        yield Fact(f"token of {link.source} at {link.target}", f"generation {tokens}")


def _application(plan: Plan) -> Iterator[Fact]:
    yelb = plan.environment.application
    if yelb is None:
        return
    copies = "".join(f" and {name}" for name in yelb.copies)
    tiers = {"ui": yelb.ui, "appserver": yelb.appserver + copies, "db": yelb.database + copies}
    for tier, where in tiers.items():
        yield Fact(f"yelb-{tier} in {yelb.namespace}", f"on {where}")
