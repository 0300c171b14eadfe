"""
What of the description a stack was deployed from: written by each stack, read by previews; pure.

Each stack keeps its own share only, so that a share changes when the stack does. All of it is plain
and may be printed: names, addresses, roles. A share that cannot be read is as one that is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from components.node_group import Ami
from components.subnets import Nat

from .environment import (
    AccessEntry,
    Eks,
    Environment,
    Existing,
    Export,
    Kind,
    LinkSpec,
    Member,
    Mode,
    Role,
)

VERSION = 1

Share = Mapping[str, Any]
"""What one stack keeps: plain values, as they are in JSON."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An environment at one time, as it is described or as it was deployed."""

    environment: Environment
    """Its description; of what was deployed, as far as it is known."""

    issuers: tuple[str, ...] = ()
    """Names of the clusters that have an identity issuer."""

    peerings: tuple[tuple[str, str], ...] = ()
    """Pairs of clusters whose networks are joined."""

    parts: frozenset[str] = frozenset()
    """The stacks that it is known from."""

    notes: tuple[str, ...] = ()
    """What is doubtful about it, a sentence each."""


def share(environment: Environment, part: str) -> dict[str, Any]:
    """Tell what of an environment's description one stack is deployed from."""
    if part == "trust":
        kept: dict[str, Any] = {"issuers": sorted(environment.names)}
    elif part == "network":
        kept = {"peerings": [list(pair) for pair in _peerings(environment)]}
    elif part == "links":
        kept = {"links": [list(link) for link in sorted(environment.links)]}
    elif part == "apps":
        kept = {"exports": [_of_export(export) for export in environment.exports]}
    else:
        kept = {
            "cluster": _of_cluster(environment.cluster(part)),
            "linkerd": environment.linkerd.version_on(part),
            "operators": list(environment.operators),
            "access": [_of_entry(entry) for entry in environment.access_entries],
            "tokens": list(environment.token_generations),
        }
    return {"version": VERSION, **kept}


def described(environment: Environment) -> Snapshot:
    """Tell what an environment is once it is deployed as it is described."""
    return Snapshot(
        environment=environment,
        issuers=tuple(sorted(environment.names)),
        peerings=_peerings(environment),
        parts=frozenset(environment.parts),
    )


def deployed(shares: Mapping[str, Any]) -> Snapshot:
    """
    Put together what was deployed from the shares of the stacks that exist, by part.

    None is the share of a stack that keeps none. What belongs to a cluster that is not known is
    left out: its stack was never deployed.
    """
    good = {part: kept for part, kept in shares.items() if _is_readable(kept)}
    clusters = {
        part: cluster
        for part, kept in sorted(good.items())
        if (cluster := _cluster(kept.get("cluster"))) is not None
    }
    links = [
        LinkSpec(*link)
        for link in good.get("links", {}).get("links", ())
        if set(link) <= {*clusters}
    ]
    exports = [_export(kept) for kept in good.get("apps", {}).get("exports", ())]
    of_clusters = [good[part] for part in clusters]
    first = of_clusters[0] if of_clusters else {}
    return Snapshot(
        environment=_unchecked(
            clusters=list(clusters.values()),
            links=links,
            exports=[export for export in exports if export.of in clusters],
            operators=first.get("operators", []),
            access=[_entry(kept) for kept in first.get("access", ())],
            token_generations=tuple(first.get("tokens", (1,))),
        ),
        issuers=tuple(good.get("trust", {}).get("issuers", ())),
        peerings=tuple((one, other) for one, other in good.get("network", {}).get("peerings", ())),
        parts=frozenset(good),
        notes=tuple(_notes(shares, good, of_clusters)),
    )


def _notes(shares: Share, good: Share, of_clusters: list[Share]) -> Iterable[str]:
    for part in sorted(set(shares) - set(good)):
        yield (
            f"Stack `{part}` does not say what it was deployed from, so its share is shown as "
            "added. It will, once it is deployed again."
        )
    common = [
        {key: kept.get(key) for key in ("operators", "access", "tokens")} for kept in of_clusters
    ]
    if any(kept != common[0] for kept in common):
        yield (
            "The clusters were not all deployed from one description: an `up` did not finish. "
            "Operators, access and tokens are shown as those of the first."
        )


def _is_readable(kept: Any) -> bool:
    return isinstance(kept, dict) and kept.get("version") == VERSION


def _unchecked(**known: Any) -> Environment:
    """
    Make an environment without its rules.

    What is deployed was accepted by the rules of its day, and may be half of two descriptions.
    """
    made = object.__new__(Environment)
    defaults = _defaults()
    for name in (each.name for each in fields(Environment)):
        object.__setattr__(made, name, known.get(name, defaults.get(name)))
    return made


def _defaults() -> dict[str, Any]:
    ordinary = Environment(clusters=[Kind("any")])
    return {each.name: getattr(ordinary, each.name) for each in fields(Environment)}


def _peerings(environment: Environment) -> tuple[tuple[str, str], ...]:
    pairs = {
        (min(cluster.name, peer), max(cluster.name, peer))
        for cluster in environment.eks
        for peer in environment.peers_of(cluster.name)
    }
    return tuple(sorted(pairs))


def _of_cluster(cluster: Member) -> dict[str, Any]:
    if isinstance(cluster, Kind):
        return {"kind": "kind", "name": cluster.name, "workers": cluster.workers}
    if isinstance(cluster, Existing):
        return {"kind": "existing", "name": cluster.name, "egress": list(cluster.egress)}
    return {
        "kind": "eks",
        "name": cluster.name,
        "region": cluster.region,
        "cidr": cluster.cidr,
        "kubernetes": cluster.kubernetes,
        "nodes": cluster.nodes,
        "instanceTypes": list(cluster.instance_types),
        "diskGib": cluster.disk_gib,
        "ami": cluster.ami.name,
        "nat": cluster.nat.value,
        "flowLogRetentionDays": cluster.flow_log_retention_days,
        "protect": cluster.protect,
    }


def _cluster(kept: Any) -> Member | None:
    if not isinstance(kept, dict):
        return None
    name = str(kept["name"])
    if kept["kind"] == "kind":
        return Kind(name, workers=kept["workers"])
    if kept["kind"] == "existing":
        return Existing(name, egress=tuple(kept["egress"]))
    return Eks(
        name,
        region=kept["region"],
        cidr=kept["cidr"],
        kubernetes=kept["kubernetes"],
        nodes=kept["nodes"],
        instance_types=tuple(kept["instanceTypes"]),
        disk_gib=kept["diskGib"],
        ami=Ami[kept["ami"]],
        nat=Nat(kept["nat"]),
        flow_log_retention_days=kept["flowLogRetentionDays"],
        protect=kept["protect"],
    )


def _of_export(export: Export) -> dict[str, Any]:
    return {
        "service": export.service,
        "namespace": export.namespace,
        "of": export.of,
        "to": None if export.to is None else list(export.to),
        "mode": export.mode.value,
    }


def _export(kept: Share) -> Export:
    known = dict(kept)
    return Export(known.pop("service"), **{**known, "mode": Mode(known["mode"])})


def _of_entry(entry: AccessEntry) -> dict[str, Any]:
    role = entry.role.value if isinstance(entry.role, Role) else entry.role
    return {"principal": entry.principal, "role": role, "namespaces": list(entry.namespaces)}


def _entry(kept: Share) -> AccessEntry:
    roles = {role.value: role for role in Role}
    role, namespaces = str(kept["role"]), tuple(kept["namespaces"])
    return AccessEntry(kept["principal"], roles.get(role, role), namespaces=namespaces)
