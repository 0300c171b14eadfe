"""
The labels by which a service is exported, and the selectors by which links choose; pure.

A label has one value and a selector is a conjunction, so chosen sources are spelt out in the value
and each `Link` selects, by `In`, the values that name its source. Linkerd's own values stand for
every source, and services that carry them by hand go on working. The keys are Linkerd's, so mirrors
do not inherit them.
"""

from collections.abc import Collection
from typing import Any

from ... import names
from ..labels import EXPORTED, FEDERATED
from ..mode import Mode

KEYS = {Mode.GATEWAY: EXPORTED, Mode.FLAT: EXPORTED, Mode.FEDERATED: FEDERATED}

# What stands for every source.
# Source: linkerd2, multicluster/cmd/link-gen.go, the selectors' defaults
EVERY_SOURCE = {Mode.GATEWAY: "true", Mode.FLAT: "remote-discovery", Mode.FEDERATED: "member"}


def label_value(mode: Mode, *, of: str, sources: Collection[str] | None) -> str:
    """
    Make the value of the label of an exported service.

    A federated service is also joined on its own cluster, whose name is therefore among the chosen.

    Args:
        of: name of the cluster that the service runs on.
        sources: names of the clusters that may call it; None means every linked one.
    """
    if sources is None:
        return EVERY_SOURCE[mode]
    if mode is Mode.GATEWAY:
        return names.export_label(tuple(sources))
    if mode is Mode.FLAT:
        return ".".join(("flat", *sorted(sources)))
    return names.export_label(tuple({*sources, of}))


def labels(mode: Mode, *, of: str, sources: Collection[str] | None) -> dict[str, str]:
    """Make the one label that exports a service."""
    return {KEYS[mode]: label_value(mode, of=of, sources=sources)}


def selector(mode: Mode, values: Collection[str]) -> dict[str, Any]:
    """Make a link's selector of the services that its source sees in one mode."""
    chosen = sorted({*values, EVERY_SOURCE[mode]})
    if len(chosen) == 1:
        return {"matchLabels": {KEYS[mode]: chosen[0]}}
    return {"matchExpressions": [{"key": KEYS[mode], "operator": "In", "values": chosen}]}


def local_selector(values: Collection[str]) -> str:
    """
    Make the selector by which a cluster joins its own services to federated ones.

    It is the chart's value `localServiceMirror.federatedServiceSelector`.
    """
    chosen = sorted({*values, EVERY_SOURCE[Mode.FEDERATED]})
    if len(chosen) == 1:
        return f"{FEDERATED}={chosen[0]}"
    return f"{FEDERATED} in ({','.join(chosen)})"


def label_problem(value: str) -> str:
    """Say why a label's value cannot be; empty if it can."""
    if len(value) <= names.LABEL_LIMIT:
        return ""
    return (
        f"label of the chosen sources must have at most {names.LABEL_LIMIT} characters (got "
        f"{len(value)}: {value}). Kubernetes would refuse it. Shorten the clusters' names, or "
        "leave `sources` out to offer the service to every linked cluster."
    )
