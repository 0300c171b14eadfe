"""Rules on Linkerd's Servers."""

import itertools
from collections.abc import Iterator, Sequence

from .rule import Finding, Resource, Rule

SERVER = ":Server"
GROUP = "kubernetes:policy.linkerd.io/"


def _same_port(resources: Sequence[Resource]) -> Iterator[Finding]:
    servers = [each for each in resources if _is_server(each)]
    for one, other in itertools.combinations(servers, 2):
        if _place(one) == _place(other) and _may_select_one_pod(one, other):
            yield Finding(
                "Servers must not share a port of the same pods (got "
                f"{one.at('metadata.name')} and {other.at('metadata.name')}, port "
                f"{one.at('spec.port')}). Linkerd uses the older one and ignores the other, also "
                "if the older one is open. Give them selectors that exclude each other, or remove "
                "one.",
                other.urn,
            )


def _is_server(resource: Resource) -> bool:
    named = resource.type.startswith(GROUP) and resource.type.endswith(SERVER)
    return named and bool(resource.at("spec.podSelector") is not None)


def _place(resource: Resource) -> tuple[object, ...]:
    return resource.provider, resource.at("metadata.namespace"), resource.at("spec.port")


def _may_select_one_pod(one: Resource, other: Resource) -> bool:
    """Return whether no label has two values; expressions may always agree."""
    ours, theirs = (each.at("spec.podSelector.matchLabels") or {} for each in (one, other))
    return all(theirs.get(key, value) == value for key, value in ours.items())


RULES = (
    Rule(
        name="server-ports",
        description="No two Servers select the same port of the same pods.",
        source="linkerd2, policy-controller/k8s/index/src/inbound/index.rs (the oldest wins)",
        check=_same_port,
    ),
)
