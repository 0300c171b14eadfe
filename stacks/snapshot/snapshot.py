"""An environment at one time: as it is described, or as it was deployed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linkmesh.environment import ClusterSpec, Environment, LinkSpec, Plan, TrustState

from ..rotation import parsed_trust
from . import serialization
from .records import StackRecord, cluster_record, is_older, is_readable, peerings


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An environment at one time, as it is described or as it was deployed."""

    plan: Plan
    """Its plan; of what was deployed, as far as that is known."""

    issuers: tuple[str, ...] = ()
    """Names of the clusters that have an identity issuer."""

    peerings: tuple[tuple[str, str], ...] = ()
    """Pairs of clusters whose networks are peered."""

    trust: TrustState = field(default_factory=TrustState)
    """Which generations of trust anchors and issuers there are."""

    cert_manager: str | None = None
    """Kind and name of what signs the issuers; None if linkmesh makes them."""

    linkerd: Mapping[str, StackRecord] = field(default_factory=dict)
    """How Linkerd is installed, by cluster, as serialized; without clusters of older records."""

    injection: str = ""
    """Which workloads get Linkerd's proxy, in words; empty if that is not known."""

    parts: frozenset[str] = frozenset()
    """The stacks that it is known from."""

    notes: tuple[str, ...] = ()
    """What is doubtful about it, a sentence each."""


def described(plan: Plan) -> Snapshot:
    """Return what an environment is once it is deployed as it is described."""
    environment = plan.environment
    return Snapshot(
        plan=plan,
        issuers=tuple(sorted(plan.names)),
        peerings=peerings(plan),
        trust=environment.trust,
        cert_manager=serialization.of_cert_manager(environment.linkerd.cert_manager),
        linkerd={name: _linkerd(cluster_record(environment, name)) for name in plan.names},
        injection=environment.injection.value,
        parts=frozenset(plan.parts),
    )


def _linkerd(record: StackRecord) -> StackRecord:
    return {"version": record["linkerd"], **record["mesh"]}


def deployed(records: Mapping[str, Any]) -> Snapshot:
    """
    Put together what was deployed from the records of the stacks that exist, by part.

    None is the record of a stack that has none. What belongs to a cluster that is not known is left
    out: its stack was never deployed.
    """
    good = {part: record for part, record in records.items() if is_readable(record)}
    clusters = {
        part: cluster
        for part, record in sorted(good.items())
        if (cluster := serialization.cluster(record.get("cluster"))) is not None
    }
    of_clusters = [good[part] for part in clusters]
    first = of_clusters[0] if of_clusters else {}
    trust, network = good.get("trust", {}), good.get("network", {})
    return Snapshot(
        plan=Plan.unchecked(_environment([*clusters.values()], good, first)),
        issuers=tuple(trust.get("issuers", ())),
        peerings=tuple((one, other) for one, other in network.get("peerings", ())),
        # A record without trust is of an environment that had the first generation of each.
        trust=parsed_trust(trust["trust"]) if trust.get("trust") else TrustState(),
        cert_manager=trust.get("certManager"),
        linkerd={part: _linkerd(good[part]) for part in clusters if "mesh" in good[part]},
        injection=first.get("injection", ""),
        parts=frozenset(good),
        notes=tuple(_notes(records, good, of_clusters)),
    )


def _environment(
    clusters: Sequence[ClusterSpec], good: StackRecord, first: StackRecord
) -> Environment:
    """Put together a description from the records that can be read, and of the first cluster."""
    known = {cluster.name for cluster in clusters}
    links = [LinkSpec(*link) for link in _all(good, "links")]
    exports = [serialization.export(each) for each in _all(good, "exports")]
    routes = [serialization.route(each) for each in _all(good, "routes")]
    aliases = [serialization.alias(each) for each in _all(good, "aliases")]
    applications = [record["application"] for record in good.values() if record.get("application")]
    return Environment(
        clusters=clusters,
        links=[link for link in links if set(link) <= known],
        exports=[export for export in exports if export.of in known],
        routes=[route for route in routes if route.on in known],
        aliases=[alias for alias in aliases if {alias.on, alias.of} <= known],
        application=serialization.application(applications[0] if applications else None),
        unmeshed=[serialization.unmeshed(each) for each in first.get("unmeshed", ())],
        operators=first.get("operators", []),
        access=[serialization.access_entry(each) for each in first.get("access", ())],
        token_generations=[int(number) for number in first.get("tokens", (1,))],
    )


def _all(good: StackRecord, key: str) -> list[Any]:
    """Join what the records of several parts have under one key."""
    return [each for record in good.values() for each in record.get(key, ())]


def _notes(
    records: StackRecord, good: StackRecord, of_clusters: Sequence[StackRecord]
) -> Iterable[str]:
    for part in sorted(set(records) - set(good)):
        yield (
            f"Stack `{part}` has no record of what it was deployed from, so everything of it is "
            "shown as added. It has one once it is deployed again."
        )
    if older := sorted(part for part, record in good.items() if is_older(record)):
        yield (
            f"Stacks deployed by an older version of linkmesh ({', '.join(older)}) have no record "
            "of injection and how Linkerd is installed: these are shown as added."
        )
    common = [
        {key: record.get(key) for key in ("operators", "access", "tokens", "injection", "unmeshed")}
        for record in of_clusters
    ]
    if any(record != common[0] for record in common):
        yield (
            "The clusters were not all deployed from one description: an `up` did not finish. "
            "Operators, access, tokens and injection are shown as those of the first."
        )
