"""
Labels that export a service, and the selectors of links for them.

A label has one value and a selector is a conjunction, so the value lists the chosen sources, and
each `Link` selects, with `In`, the values that name its source. Linkerd's own values mean every
source, so services that were labelled with kubectl still work. The keys are Linkerd's, so mirrors
do not inherit them.
"""

from collections.abc import Collection
from typing import Any

from ... import names
from ..labels import EXPORTED, FEDERATED
from ..mode import LinkMode

KEYS = {LinkMode.GATEWAY: EXPORTED, LinkMode.FLAT: EXPORTED, LinkMode.FEDERATED: FEDERATED}

# The values that mean every source.
# Source: linkerd2, multicluster/cmd/link-gen.go, the selectors' defaults
EVERY_SOURCE = {
    LinkMode.GATEWAY: "true",
    LinkMode.FLAT: "remote-discovery",
    LinkMode.FEDERATED: "member",
}


def label_value(mode: LinkMode, *, of: str, sources: Collection[str] | None) -> str:
    """
    Make the value of the label of an exported service.

    A federated service also has its own cluster's pods, so that cluster is among the chosen ones.

    Args:
        of: name of the cluster that the service runs on.
        sources: names of the clusters that may call it; None means every linked one.
    """
    if sources is None:
        return EVERY_SOURCE[mode]
    if mode is LinkMode.GATEWAY:
        return names.export_label(tuple(sources))
    if mode is LinkMode.FLAT:
        return ".".join(("flat", *sorted(sources)))
    return names.export_label(tuple({*sources, of}))


def labels(mode: LinkMode, *, of: str, sources: Collection[str] | None) -> dict[str, str]:
    """Make the one label that exports a service."""
    return {KEYS[mode]: label_value(mode, of=of, sources=sources)}


def selector(mode: LinkMode, values: Collection[str]) -> dict[str, Any]:
    """Make the selector of a link for the services of one mode."""
    chosen = sorted({*values, EVERY_SOURCE[mode]})
    if len(chosen) == 1:
        return {"matchLabels": {KEYS[mode]: chosen[0]}}
    return {"matchExpressions": [{"key": KEYS[mode], "operator": "In", "values": chosen}]}


def local_selector(values: Collection[str]) -> str:
    """
    Make the selector of a cluster's own services that are members of federated ones.

    It is the chart's value `localServiceMirror.federatedServiceSelector`.
    """
    chosen = sorted({*values, EVERY_SOURCE[LinkMode.FEDERATED]})
    if len(chosen) == 1:
        return f"{FEDERATED}={chosen[0]}"
    return f"{FEDERATED} in ({','.join(chosen)})"


def label_problem(value: str) -> str:
    """Return why a label's value is invalid; empty if it is valid."""
    if len(value) <= names.LABEL_LIMIT:
        return ""
    return (
        f"label of the chosen sources must have at most {names.LABEL_LIMIT} characters (got "
        f"{len(value)}: {value}). Kubernetes would refuse it. Shorten the clusters' names, or "
        "leave `sources` out to offer the service to every linked cluster."
    )
