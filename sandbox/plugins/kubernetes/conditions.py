"""
The expressions of the annotation `pulumi.com/waitFor`: `condition=Ready`,
`jsonpath={.status.phase}=Running`.

The annotation is one expression or a JSON array of them, all of which must hold. Of JSONPath the
part that such annotations use is known: members, indices, wildcards and filters for equality;
anything else is refused.
Source: pulumi-kubernetes provider/pkg/{metadata/overrides.go,await/condition,jsonpath}
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes.manifests import Object, metadata

Holds = Callable[[Object], bool]

_STEP = re.compile(
    r"""\.(?P<member>[A-Za-z_][\w-]*)"""
    r"""|\.?\[\s*(?P<index>-?\d+)\s*\]"""
    r"""|\.?\[\s*['"](?P<quoted>[^'"]+)['"]\s*\]"""
    r"""|\.?\[\s*\*\s*\]|\.\*"""
    r"""|\.?\[\s*\?\(?\s*@\.(?P<field>[\w-]+)\s*==\s*['"](?P<value>[^'"]*)['"]\s*\)?\s*\]"""
)
_BRACES = re.compile(r"\{\s*(.*?)\s*\}")


def parse_wait_for(text: str) -> list[tuple[str, Holds]]:
    """Read the annotation: each expression as written, and the question it asks."""
    try:
        several = json.loads(text)
    except ValueError:
        several = [text]
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        several = [text]
    if not several:
        raise Refused("at least one condition must be specified")
    return [(one, _parse(one)) for one in several]


def _parse(expression: str) -> Holds:
    if expression.startswith("condition="):
        kind, _, status = expression.removeprefix("condition=").partition("=")
        return lambda obj: _has_condition(obj, kind, status or "True")
    if expression.startswith("jsonpath="):
        return _parse_path(expression.removeprefix("jsonpath="))
    raise Refused(f'expected a "jsonpath=" or "condition=" prefix, got "{expression}"')


def _has_condition(obj: Object, kind: str, status: str) -> bool:
    found = obj.get("status") or {}
    for condition in found.get("conditions") or []:
        if str(condition.get("type", "")).lower() == kind.lower() and "status" in condition:
            observed = condition.get("observedGeneration", found.get("observedGeneration"))
            if _is_stale(obj, observed):
                return False
            return str(condition["status"]).lower() == status.lower()
    return False


def _parse_path(text: str) -> Holds:
    parts = text.replace("==", "\0").split("=")
    path, value = parts[0].replace("\0", "=="), "=".join(parts[1:]).replace("\0", "==")
    if len(parts) > 2:
        raise Refused(f'format should be {{.path}}=value or {{.path}}, got "{text}"')
    if len(parts) == 2 and not value:
        raise Refused(f"{path}= requires a value")
    braces = _BRACES.fullmatch(path)
    if braces is None:
        raise Refused(f"{path} should be wrapped in brackets {{ ... }}")
    steps = _steps(braces.group(1).removeprefix("$"), path)

    def holds(obj: Object) -> bool:
        if _is_stale(obj, (obj.get("status") or {}).get("observedGeneration")):
            return False
        found = _select([obj], steps)
        if not found:
            return False
        if not value:
            return True
        if isinstance(found[0], dict | list):
            raise Refused(f'"{path}" has a non-primitive value')
        return _text(found[0]) == value

    return holds


def _steps(text: str, whole: str) -> list[re.Match[str]]:
    steps, position = [], 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise Refused(
                f'parsing "{whole}": the sandbox knows members, indices, [*] and '
                '[?(@.key=="value")] '
                f"(got {text[position:]!r})"
            )
        steps.append(step)
        position = step.end()
    return steps


def _select(found: list[Any], steps: list[re.Match[str]]) -> list[Any]:
    for step in steps:
        found = [inner for one in found for inner in _into(one, step)]
    return found


def _into(value: Any, step: re.Match[str]) -> list[Any]:
    key = step["member"] or step["quoted"]
    if key:
        return [value[key]] if isinstance(value, dict) and key in value else []
    members = (
        list(value.values())
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else []
    )
    if step["index"]:
        number = int(step["index"])
        fits = isinstance(value, list) and -len(value) <= number < len(value)
        return [value[number]] if fits else []
    if step["field"]:
        wanted = step["value"]
        return [
            one
            for one in members
            if isinstance(one, dict) and _text(one.get(step["field"])) == wanted
        ]
    return list(members)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_stale(obj: Object, observed: Any) -> bool:
    generation = metadata(obj).get("generation")
    return generation is not None and observed is not None and observed < generation
