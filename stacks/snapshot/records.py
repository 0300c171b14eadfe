"""
What of the description a stack was deployed from: written by each stack, read by previews; pure.

Each stack keeps its own share only, so that a share changes when the stack does. All of it is plain
and may be printed: names, addresses, roles. A share that cannot be read is as one that is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from components.environment import Environment, Kind, LinkSpec, Member, TrustState

from ..rotation import trust_of, trust_record
from . import serialization as kept
from .serialization import Share

VERSION = 1

# What shares of version 1 have not had from the beginning, with what tells whose share it is. Its
# absence is told, not refused.
LATER = (("issuers", "trust"), ("exports", "routes"), ("cluster", "mesh"), ("cluster", "injection"))


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An environment at one time, as it is described or as it was deployed."""

    environment: Environment
    """Its description; of what was deployed, as far as it is known."""

    issuers: tuple[str, ...] = ()
    """Names of the clusters that have an identity issuer."""

    peerings: tuple[tuple[str, str], ...] = ()
    """Pairs of clusters whose networks are joined."""

    trust: TrustState = field(default_factory=TrustState)
    """Which generations of trust anchors and issuers there are."""

    cert_manager: str | None = None
    """Kind and name of what signs the issuers; None if they are made here."""

    linkerd: Mapping[str, Share] = field(default_factory=dict)
    """How Linkerd is installed, by cluster, as it is kept; without those that do not tell."""

    injection: str = ""
    """Who gets Linkerd's proxy, in words; empty if that is not known."""

    parts: frozenset[str] = frozenset()
    """The stacks that it is known from."""

    notes: tuple[str, ...] = ()
    """What is doubtful about it, a sentence each."""


def share(environment: Environment, part: str) -> dict[str, Any]:
    """Tell what of an environment's description one stack is deployed from."""
    if part == "trust":
        own: dict[str, Any] = {
            "issuers": sorted(environment.names),
            "trust": trust_record(environment.trust),
            "certManager": kept.of_cert_manager(environment.linkerd.cert_manager),
        }
    elif part == "network":
        own = {"peerings": [list(pair) for pair in _peerings(environment)]}
    elif part == "links":
        own = {"links": [list(link) for link in sorted(environment.links)]}
    elif part == "apps":
        own = {
            "exports": [kept.of_export(export) for export in environment.exports],
            "routes": [kept.of_route(route) for route in environment.routes],
            "aliases": [kept.of_alias(alias) for alias in environment.aliases],
            "application": kept.of_application(environment.application),
        }
    else:
        own = _of_cluster(environment, part)
    return {"version": VERSION, **own}


def _of_cluster(environment: Environment, name: str) -> dict[str, Any]:
    return {
        "cluster": kept.of_cluster(environment.cluster(name)),
        "linkerd": environment.linkerd.version_on(name),
        "mesh": kept.of_linkerd(environment.linkerd),
        "injection": environment.injection.value,
        "unmeshed": [kept.of_exception(each) for each in environment.unmeshed],
        "operators": list(environment.operators),
        "access": [kept.of_entry(entry) for entry in environment.access_entries],
        "tokens": list(environment.token_generations),
    }


def described(environment: Environment) -> Snapshot:
    """Tell what an environment is once it is deployed as it is described."""
    return Snapshot(
        environment=environment,
        issuers=tuple(sorted(environment.names)),
        peerings=_peerings(environment),
        trust=environment.trust,
        cert_manager=kept.of_cert_manager(environment.linkerd.cert_manager),
        linkerd={name: _mesh(_of_cluster(environment, name)) for name in environment.names},
        injection=environment.injection.value,
        parts=frozenset(environment.parts),
    )


def _mesh(share: Share) -> Share:
    return {"version": share["linkerd"], **share["mesh"]}


def deployed(shares: Mapping[str, Any]) -> Snapshot:
    """
    Put together what was deployed from the shares of the stacks that exist, by part.

    None is the share of a stack that keeps none. What belongs to a cluster that is not known is
    left out: its stack was never deployed.
    """
    good = {part: share for part, share in shares.items() if _is_readable(share)}
    clusters = {
        part: cluster
        for part, share in sorted(good.items())
        if (cluster := kept.cluster(share.get("cluster"))) is not None
    }
    of_clusters = [good[part] for part in clusters]
    first = of_clusters[0] if of_clusters else {}
    trust, network = good.get("trust", {}), good.get("network", {})
    return Snapshot(
        environment=_environment([*clusters.values()], good, first),
        issuers=tuple(trust.get("issuers", ())),
        peerings=tuple((one, other) for one, other in network.get("peerings", ())),
        # Who told nothing of it had the first of each.
        trust=trust_of(trust["trust"]) if trust.get("trust") else TrustState(),
        cert_manager=trust.get("certManager"),
        linkerd={part: _mesh(good[part]) for part in clusters if "mesh" in good[part]},
        injection=first.get("injection", ""),
        parts=frozenset(good),
        notes=tuple(_notes(shares, good, of_clusters)),
    )


def _environment(clusters: list[Member], good: Share, first: Share) -> Environment:
    """Put together a description from the shares that can be read, and of the first cluster."""
    known = {cluster.name for cluster in clusters}
    apps = good.get("apps", {})
    links = [LinkSpec(*link) for link in good.get("links", {}).get("links", ())]
    exports = [kept.export(share) for share in apps.get("exports", ())]
    routes = [kept.route(share) for share in apps.get("routes", ())]
    aliases = [kept.alias(share) for share in apps.get("aliases", ())]
    return _unchecked(
        clusters=clusters,
        links=[link for link in links if set(link) <= known],
        exports=[export for export in exports if export.of in known],
        routes=[route for route in routes if route.on in known],
        aliases=[alias for alias in aliases if {alias.on, alias.of} <= known],
        application=kept.application(apps.get("application")),
        unmeshed=[kept.exception(share) for share in first.get("unmeshed", ())],
        operators=first.get("operators", []),
        access=[kept.entry(share) for share in first.get("access", ())],
        token_generations=tuple(first.get("tokens", (1,))),
    )


def _notes(shares: Share, good: Share, of_clusters: list[Share]) -> Iterable[str]:
    for part in sorted(set(shares) - set(good)):
        yield (
            f"Stack `{part}` does not say what it was deployed from, so its share is shown as "
            "added. It will, once it is deployed again."
        )
    if older := sorted(part for part, share in good.items() if _is_older(share)):
        yield (
            f"Stacks deployed by an older version of linkmesh ({', '.join(older)}) do not tell "
            "routes, injection and how Linkerd is installed: these are shown as added."
        )
    common = [
        {key: share.get(key) for key in ("operators", "access", "tokens", "injection", "unmeshed")}
        for share in of_clusters
    ]
    if any(kept != common[0] for kept in common):
        yield (
            "The clusters were not all deployed from one description: an `up` did not finish. "
            "Operators, access, tokens and injection are shown as those of the first."
        )


def _is_readable(share: Any) -> bool:
    return isinstance(share, dict) and share.get("version") == VERSION


def _is_older(share: Share) -> bool:
    return any(mark in share and key not in share for mark, key in LATER)


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
