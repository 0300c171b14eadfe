"""
What Pulumi's state holds of a Helm release, and which part of it a program's inputs are compared
with.

The inputs, the version that was installed, Helm's status, and the names of all objects by kind.
Source: pulumi-kubernetes provider/pkg/provider/helm_release.go setReleaseAttributes, Diff
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.framework import UNKNOWN, Properties
from sandbox.plugins.kubernetes.helm import resource_names
from sandbox.plugins.kubernetes.release_options import DEFAULT_SECONDS


def state_before(old_inputs: Any, state: Any, news: Any) -> Any:
    """Give what the state holds of old and new inputs: drift counts, Helm's additions do not."""
    if (
        not isinstance(old_inputs, dict)
        or not isinstance(state, dict)
        or not isinstance(news, dict)
    ):
        return state
    before = {}
    for key in {*old_inputs, *news}:
        if key in state:
            before[key] = state_before(old_inputs.get(key, {}), state[key], news.get(key, {}))
    return before


def preview_state(news: Properties) -> Properties:
    return {**news, "resourceNames": UNKNOWN, "status": UNKNOWN}


def release_state(release: Properties, found: dict[str, Any]) -> Properties:
    """Make the state of a release as Helm has it."""
    described = found["chart"]["metadata"]
    outputs = {
        **release,
        "name": release.get("name") or found["name"],
        "namespace": release.get("namespace") or found["namespace"],
        "chart": release.get("chart") or described["name"],
        "version": described["version"],
        "resourceNames": resource_names(found.get("manifest") or ""),
        "status": {
            "appVersion": described.get("appVersion") or "",
            "chart": described["name"],
            "name": found["name"],
            "namespace": found["namespace"],
            "revision": found["version"],
            "status": found["info"]["status"],
            "version": described["version"],
        },
    }
    values = _merged(release.get("values") or {}, found.get("config") or {})
    return {**outputs, "values": values} if values else outputs


def _merged(values: Properties, newer: Properties) -> Properties:
    result = dict(values)
    for key, value in newer.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def imported_inputs(found: dict[str, Any]) -> Properties:
    described = found["chart"]["metadata"]
    inputs = {
        "name": found["name"],
        "namespace": found["namespace"],
        "chart": described["name"],
        "version": described["version"],
        "timeout": DEFAULT_SECONDS,
    }
    return {**inputs, "values": found["config"]} if found.get("config") else inputs


def release_id(release: Properties) -> str:
    return (
        f"{release['namespace']}/{release['name']}"
        if release["namespace"]
        else str(release["name"])
    )
