"""Rules of the example application: its tiers run on clusters, and can call one another."""

from collections import Counter
from collections.abc import Iterator

from ..links import LinkSpec
from ..topology import Topology
from ..yelb import Yelb


def problems(topology: Topology) -> Iterator[str]:
    """Find tiers on unknown clusters, and tiers that their callers cannot call."""
    yelb = topology.environment.application
    if yelb is not None:
        yield from _clusters(yelb, topology.environment.names)
        yield from _calls(yelb, topology)
        yield from _labels(yelb, topology)


def _clusters(yelb: Yelb, known: list[str]) -> Iterator[str]:
    for tier, name in (("ui", yelb.ui), ("appserver", yelb.appserver), ("database", yelb.database)):
        if name not in known:
            yield (
                f"{tier} of Yelb must be on a cluster of the environment (got {name!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
    for name in yelb.copies:
        if name not in known or name in (yelb.appserver, yelb.database):
            yield (
                f"copies of Yelb must be on other clusters of the environment (got {name!r}). "
                "The names of its tiers are taken on its own. Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
    for name, count in Counter(yelb.copies).items():
        if count > 1:
            yield (
                f"copies of Yelb must be on different clusters (got {name!r} {count} times). A "
                "cluster has each tier once. Remove the others."
            )


def _labels(yelb: Yelb, topology: Topology) -> Iterator[str]:
    """Find tiers whose export waits for a label that their owner, linkmesh, does not set."""
    for export in topology.environment.exports:
        if export.is_labelled and (export.of, export.namespace, export.service) in yelb.services:
            yield (
                f"{export} must get its label from linkmesh (got is_labelled=True). The Service is "
                "a tier of Yelb, which no other owner labels. Use: is_labelled=False"
            )


def _calls(yelb: Yelb, topology: Topology) -> Iterator[str]:
    calls = (
        (yelb.ui, "yelb-appserver", yelb.appserver),
        (yelb.appserver, "yelb-db", yelb.database),
    )
    for caller, service, of in calls:
        exported = any(
            (export.service, export.namespace) == (service, yelb.namespace)
            for export in topology.exports_over(LinkSpec(caller, of))
        )
        are_known = {caller, of} <= {*topology.environment.names}
        if are_known and caller != of and not exported:
            yield (
                f"Yelb must have its {service} exported from {of!r} to {caller!r} (it is not). The "
                f'caller could not reach it. Add: Export("{service}", '
                f'namespace="{yelb.namespace}", of="{of}", to=["{caller}"])'
            )
