"""
Label selectors, as Linkerd reads them: an empty or absent one selects nothing; pure.

Those that the product writes: labels, and expressions with the operator In.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (isExported and its siblings)
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
_TEXT = re.compile(r"(?P<key>[^\s=!]+)(?:=(?P<value>[^,]*)|\s+in\s*\((?P<values>[^()]*)\))")


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Tell whether a selector chooses an object with these labels."""
    exact = (selector or {}).get("matchLabels") or {}
    expressions = (selector or {}).get("matchExpressions") or []
    holding = [
        *(labels.get(key) == value for key, value in exact.items()),
        *(_holds(expression, labels) for expression in expressions),
    ]
    return bool(holding) and all(holding)


def parse(text: str) -> dict[str, Any]:
    """Read the local mirror's argument: `key=value` or `key in (a,b)`."""
    if (found := _TEXT.fullmatch(text)) is None:
        raise ValueError(
            f"a selector must be key=value or key in (a,b) (got {text!r}). The product writes no "
            "other, and the sandbox reads none"
        )
    values = found["values"].split(",") if found["value"] is None else [found["value"]]
    return {"matchExpressions": [{"key": found["key"], "operator": "In", "values": values}]}


def is_excluded(key: str, excluded: Sequence[str]) -> bool:
    """
    Tell whether a label's or annotation's key is not to be copied.

    `prefix/*` matches every key that starts with `prefix`, without the slash.
    """
    return any(
        key.startswith(entry.removesuffix("/*")) if entry.endswith("/*") else key == entry
        for entry in excluded
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if expression["operator"] != "In":
        raise ValueError(
            f"a selector must use the operator In (got {expression['operator']}). The product "
            "writes no other, and the sandbox reads none"
        )
    return labels.get(expression["key"]) in expression["values"]
