"""
Statements about an environment at one time, grouped by topic.

A statement has a subject, which says what it is about, and a detail that may change while the
subject stays. Statements are sentences already, so that what is compared is what a reviewer reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from linkmesh.environment import (
    AccessEntry,
    AccessPolicy,
    Export,
    LinkMode,
    Plan,
    RoutePlan,
)
from linkmesh.stacks.snapshot import Snapshot, StackRecord

from .cluster_text import cluster_text


class Topic(Enum):
    """Topics of statements, in their order of output; the value is the heading."""

    CLUSTER = "clusters"
    LINK = "links (source calls target)"
    EXPORT = "exports"
    ROUTE = "routes (which cluster answers)"
    CALL = "who can call what"
    ADDRESS = "allowed addresses"
    RIGHT = "rights"
    MESH = "Linkerd, and who is in the mesh"
    CERTIFICATE = "certificates and tokens"
    APPLICATION = "application"


@dataclass(frozen=True, order=True)
class Statement:
    """A statement about an environment."""

    subject: str
    """What it is about; unique within a topic."""

    detail: str = ""
    """What is stated; may be empty."""

    @property
    def text(self) -> str:
        """The statement as one line."""
        return f"{self.subject}: {self.detail}" if self.detail else self.subject


Statements = dict[Topic, list[Statement]]


def statements(snapshot: Snapshot) -> Statements:
    """List all statements about an environment at one time."""
    plan = snapshot.plan
    return {
        Topic.CLUSTER: [
            Statement(cluster.name, cluster_text(cluster.described))
            for cluster in plan.clusters.values()
        ],
        Topic.LINK: [
            Statement(str(link), ", ".join(mode.value for mode in link.modes))
            for link in plan.links
        ],
        Topic.EXPORT: list(_exports(plan)),
        Topic.ROUTE: list(_routes(plan)),
        Topic.CALL: list(_calls(plan)),
        Topic.ADDRESS: list(_addresses(snapshot)),
        Topic.RIGHT: list(_rights(plan)),
        Topic.MESH: list(_mesh(snapshot)),
        Topic.CERTIFICATE: list(_certificates(snapshot)),
        Topic.APPLICATION: list(_application(plan)),
    }


def _exports(plan: Plan) -> Iterator[Statement]:
    """State each exported service once, in its modes."""
    found: dict[str, list[str]] = {}
    for planned in plan.exports:
        export = planned.described
        to = ", ".join(export.to) if export.to is not None else "every linked cluster"
        headless = ", pod by pod" if export.headless else ""
        [(key, value)] = planned.label.items()
        label = f", its owner sets {key}={value}" if export.is_labelled else ""
        subject = f"{export.service}.{export.namespace} of {export.of}"
        text = f"to {to}, {export.mode.value}{headless}{label}"
        found.setdefault(subject, []).append(text)
    for subject, texts in found.items():
        yield Statement(subject, "; ".join(texts))


def _routes(plan: Plan) -> Iterator[Statement]:
    for planned in plan.routes:
        route = planned.described
        parts = (f"{name} {_percent(planned, name)}" for name in route.weights)
        yield Statement(
            f"calls of {route.service}.{route.namespace}:{route.port} on {route.on}",
            ", ".join(parts),
        )
    for alias in plan.environment.aliases:
        yield Statement(
            f"calls of {alias.service}.{alias.namespace}:{alias.port} on {alias.on}",
            f"all to {alias.of}, {alias.protocol.name}, under the former name",
        )


def _percent(route: RoutePlan, cluster: str) -> str:
    return f"{route.percent(cluster):.3g} %"


def _calls(plan: Plan) -> Iterator[Statement]:
    found: dict[str, list[str]] = {}
    for planned in plan.exports:
        export = planned.described
        for caller in planned.callers:
            subject = f"{caller} can call {export.service}.{export.namespace} of {export.of}"
            found.setdefault(subject, []).extend(_ways(plan, export, caller))
    for subject, ways in found.items():
        yield Statement(subject, ", ".join(ways))


def _ways(plan: Plan, export: Export, caller: str) -> Iterator[str]:
    """Return the name, the mode if it is not the gateway, and the share of the calls."""
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


def _addresses(snapshot: Snapshot) -> Iterator[Statement]:
    plan = snapshot.plan
    for one, other in snapshot.peerings:
        yield Statement(f"networks of {one} and {other} are peered")
    for cluster in plan.eks:
        for opening in cluster.openings:
            ports = ", ".join(map(str, opening.ports))
            for block in dict.fromkeys(map(str, opening.blocks)):
                place = f"{opening.row.place} of {cluster.name}"
                yield Statement(f"{block} may reach the {place} at {ports}")


def _rights(plan: Plan) -> Iterator[Statement]:
    for link in plan.links:
        yield Statement(
            f"{link.source} may read services of {link.target}", f"account {link.account}"
        )
    for cluster in plan.eks:
        for entry in plan.environment.access_entries:
            yield Statement(f"{entry.principal_arn} on {cluster.name}", _policy(entry))


def _policy(entry: AccessEntry) -> str:
    policy = entry.policy.value if isinstance(entry.policy, AccessPolicy) else entry.policy
    where = ", ".join(entry.namespaces)
    return f"{policy} in {where}" if where else f"{policy} of the whole cluster"


def _mesh(snapshot: Snapshot) -> Iterator[Statement]:
    if snapshot.injection:
        yield Statement("injection", snapshot.injection)
        for exception in snapshot.plan.environment.unmeshed:
            who = exception.workload or "everything"
            yield Statement(f"{who} in {exception.namespace} is not in the mesh")
    for cluster, record in sorted(snapshot.linkerd.items()):
        yield Statement(f"Linkerd on {cluster}", ", ".join(_linkerd(record)))


def _linkerd(record: StackRecord) -> Iterator[str]:
    """Describe the installation, always with the same number of items for comparison."""
    yield f"charts {record['version']}"
    yield str(record["profile"])
    yield f"images of {record['registry'] or 'their own registries'}"
    yield "CNI plugin" if record["cni"] else "init containers"
    yield "with viz" if record["viz"] else "without viz"
    # Records of older versions do not contain it; these allowed none.
    yield "sources may check it" if record.get("check") else "sources may not check it"
    yield f"admin port {record['adminPort']}"
    yield f"spans to {record['tracing']}" if record["tracing"] else "no spans"
    own = " ".join(f"{key} {value}" for key, value in sorted(record["proxy"].items()))
    yield f"proxies with {own.replace('_', ' ')}" if own else "proxies as the profile has them"


def _certificates(snapshot: Snapshot) -> Iterator[Statement]:
    plan, trust = snapshot.plan, snapshot.trust
    if snapshot.issuers:
        anchors = " and ".join(map(str, trust.anchors))
        yield Statement("trust anchor", f"generation {anchors}, {trust.signing} signs")
    issued_by = (
        f"by {snapshot.cert_manager} of cert-manager"
        if snapshot.cert_manager
        else "made by linkmesh"
    )
    for cluster in snapshot.issuers:
        yield Statement(f"identity issuer of {cluster}", f"generation {trust.issuers}, {issued_by}")
    tokens = ", ".join(map(str, plan.environment.token_generations))
    for link in plan.links:
        yield Statement(f"token of {link.source} at {link.target}", f"generation {tokens}")


def _application(plan: Plan) -> Iterator[Statement]:
    yelb = plan.environment.application
    if yelb is None:
        return
    copies = "".join(f" and {name}" for name in yelb.copies)
    tiers = {"ui": yelb.ui, "appserver": yelb.appserver + copies, "db": yelb.database + copies}
    for tier, where in tiers.items():
        yield Statement(f"yelb-{tier} in {yelb.namespace}", f"on {where}")
