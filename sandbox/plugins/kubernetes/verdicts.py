"""
What judging an object's readiness needs: the verdict, and the parts of an object that tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.plugins.kubernetes.manifests import Object, metadata, name_of

Look = Callable[[str, str], "list[Object]"]
"""Lists the objects of an apiVersion and kind in the namespace of the object that is judged."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an object is ready, and if not, what is missing."""

    ready: bool
    reasons: list[str] = field(default_factory=list)
    failed: bool = False
    """It never will be ready: waiting longer is useless."""


def pod_trouble(live: Object) -> list[str]:
    """Say what keeps a pod from being ready, as far as it says so itself."""
    conditions = conditions_of(live)
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") not in (None, "True"):
        return (
            [scheduled["message"]] if scheduled.get("reason") and scheduled.get("message") else []
        )
    space = metadata(live).get("namespace")
    name = f"{space}/{name_of(live)}" if space not in (None, "", "default") else name_of(live)
    for kind in ("Initialized", "Ready"):
        condition = conditions.get(kind, {})
        if condition.get("status") in (None, "True"):
            continue
        said = condition.get("message", "") if condition.get("reason") else ""
        errors = "\n".join(_container_trouble(live))
        if said or errors:
            return [f"[Pod {name}]: {said}{errors}"]
    return []


def is_owned(obj: Object, owner: Object) -> bool:
    """Tell whether an object belongs to another."""
    references = metadata(obj).get("ownerReferences") or []
    return any(one.get("uid") == metadata(owner).get("uid") for one in references)


def _container_trouble(live: Object) -> list[str]:
    troubles = []
    for container in status_of(live).get("containerStatuses") or []:
        waiting = (container.get("state") or {}).get("waiting") or {}
        if not container.get("ready") and waiting and waiting.get("reason") != "ContainerCreating":
            troubles.append(f"[{waiting.get('reason')}] {waiting.get('message', '')}")
    return troubles


def status_of(obj: Object) -> Object:
    return obj.get("status") or {}


def conditions_of(obj: Object) -> dict[str, dict[str, Any]]:
    return {one["type"]: one for one in status_of(obj).get("conditions") or []}
