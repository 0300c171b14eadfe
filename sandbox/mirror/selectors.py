"""
Label selectors, as Linkerd reads them: an empty or absent one selects nothing; pure.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (isExported and its siblings)
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")

# Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
_OF_SET = re.compile(r"(?P<key>\S+)\s+(?P<not>not)?in\s*\((?P<values>[^()]*)\)")


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Tell whether a selector chooses an object with these labels."""
    exact = (selector or {}).get("matchLabels") or {}
    expressions = (selector or {}).get("matchExpressions") or []
    if not exact and not expressions:
        return False
    if any(not _is_valid(expression) for expression in expressions):
        return False
    return all(labels.get(key) == value for key, value in exact.items()) and all(
        _holds(expression, labels) for expression in expressions
    )


def parse(text: str) -> dict[str, Any]:
    """Read a selector written as `key=value,other in (a,b)`: the local mirror's argument."""
    expressions: list[dict[str, Any]] = []
    # A comma within parentheses parts values, not requirements.
    for part in filter(None, (part.strip() for part in re.split(r",(?![^(]*\))", text))):
        if of_set := _OF_SET.fullmatch(part):
            values = [value.strip() for value in of_set["values"].split(",")]
            operator = "NotIn" if of_set["not"] else "In"
            expressions.append({"key": of_set["key"], "operator": operator, "values": values})
        elif "!=" in part:
            key, value = part.split("!=", 1)
            expressions.append({"key": key.strip(), "operator": "NotIn", "values": [value.strip()]})
        elif "=" in part:
            key, value = part.replace("==", "=").split("=", 1)
            expressions.append({"key": key.strip(), "operator": "In", "values": [value.strip()]})
        elif part.startswith("!"):
            expressions.append({"key": part[1:].strip(), "operator": "DoesNotExist"})
        else:
            expressions.append({"key": part, "operator": "Exists"})
    return {"matchExpressions": expressions}


def is_excluded(key: str, excluded: Sequence[str]) -> bool:
    """
    Tell whether a label's or annotation's key is not to be copied.

    `prefix/*` matches every key that starts with `prefix`, without the slash.
    """
    return any(
        key.startswith(entry.removesuffix("/*")) if entry.endswith("/*") else key == entry
        for entry in excluded
    )


def _is_valid(expression: Mapping[str, Any]) -> bool:
    values = expression.get("values") or []
    operator = expression.get("operator")
    return operator in OPERATORS and bool(values) == (operator in ("In", "NotIn"))


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels
