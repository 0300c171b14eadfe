"""The record that a stack exports of the part of the description that it was deployed from."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import Environment, Plan
from linkmesh.environment.parts import APPS, LINKS, NETWORK, ROUTES, TRUST, cluster_of, kind_of
from linkmesh.environment.plan import share

from ..rotation import serialized_trust
from . import serialization

StackRecord = Mapping[str, Any]
"""What one stack writes: plain values, as they are in JSON."""

VERSION = 1

# Keys that records of version 1 did not have at first, each with a key by which its stack is known.
# A record without one is older, and readable.
LATER = (("issuers", "trust"), ("cluster", "mesh"), ("cluster", "injection"))


def stack_record(plan: Plan, part: str) -> dict[str, Any]:
    """Make the record of one stack: what its share of the plan says."""
    environment, kind = share(plan, part).environment, kind_of(part)
    if kind == TRUST:
        own: dict[str, Any] = {
            "issuers": sorted(plan.issued_clusters),
            "trust": serialized_trust(environment.trust),
            "certManager": serialization.of_cert_manager(environment.linkerd.cert_manager),
        }
    elif kind == NETWORK:
        own = {"peerings": [list(pair) for pair in peerings(plan)]}
    elif kind == LINKS:
        own = {"links": [list(link) for link in sorted(environment.links)]}
    elif kind == APPS:
        own = {
            "exports": [serialization.of_export(export) for export in environment.exports],
            "application": serialization.of_application(environment.application),
        }
    elif kind == ROUTES:
        own = {
            "routes": [serialization.of_route(route) for route in environment.routes],
            "aliases": [serialization.of_alias(alias) for alias in environment.aliases],
        }
    else:
        own = cluster_record(environment, cluster_of(part))
    return {"version": VERSION, **own}


def cluster_record(environment: Environment, name: str) -> dict[str, Any]:
    """Make what the stack of a cluster writes, without the version."""
    return {
        "cluster": serialization.of_cluster(environment.cluster(name)),
        "linkerd": environment.linkerd.version_on(name),
        "mesh": serialization.of_linkerd(environment.linkerd),
        "injection": environment.injection.value,
        "unmeshed": [serialization.of_unmeshed(each) for each in environment.unmeshed],
        "operators": list(environment.operators),
        "access": [serialization.of_access_entry(entry) for entry in environment.access_entries],
        "tokens": list(environment.token_generations),
    }


def peerings(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the pairs of clusters whose networks are peered, whatever their order."""
    return tuple(sorted((min(pair), max(pair)) for pair in plan.peerings))


def is_readable(found: Any) -> bool:
    """Return whether an output of a stack is a record that this version can read."""
    return isinstance(found, dict) and found.get("version") == VERSION


def is_older(found: StackRecord) -> bool:
    """Return whether an older version of linkmesh wrote a record."""
    return any(known_by in found and key not in found for known_by, key in LATER)
