"""
The hand of the controller: what it writes on a Service, and the Events about it.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.balancers.model import Object
from sandbox.mirror.api import MERGE, Api, ApiError


class Writer:
    """Writes with the controller's account."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def set_status(self, service: Object, ingress: list[Object]) -> bool:
        """Say where a Service is reached; tell whether that is new."""
        there = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
        if [_place(each) for each in there] == [_place(each) for each in ingress]:
            return False
        change = {"status": {"loadBalancer": {"ingress": ingress or None}}}
        await self._api.request("PATCH", f"{_path(service)}/status", change, content=MERGE)
        return True

    async def set_finalizers(self, service: Object, change: Callable[[set[str]], set[str]]) -> None:
        """Put finalizers on a Service, or take them off."""
        there = set(service["metadata"].get("finalizers") or [])
        if (wanted := change(there)) != there:
            patch = {"metadata": {"finalizers": sorted(wanted)}}
            await self._api.request("PATCH", _path(service), patch, content=MERGE)

    async def record(self, service: Object, reason: str, message: str, *, count: int = 1) -> None:
        """Write an Event, or count one more of the same."""
        own = service["metadata"]
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hashlib.sha256(f"{own['uid']}{reason}{message}".encode()).hexdigest()[:16]
        events = f"/api/v1/namespaces/{own['namespace']}/events"
        event = {
            "metadata": {"name": f"{own['name']}.{digest}", "namespace": own["namespace"]},
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Service",
                "name": own["name"],
                "namespace": own["namespace"],
                "uid": own["uid"],
                "resourceVersion": own["resourceVersion"],
            },
            "reason": reason,
            "message": message[:1024],
            "type": "Warning" if reason.startswith("Failed") else "Normal",
            "source": {"component": "service"},
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        try:
            await self._api.request("POST", events, event)
        except ApiError as error:
            if error.status != 409:
                raise
            change = {"lastTimestamp": now, "count": count}
            path = f"{events}/{own['name']}.{digest}"
            await self._api.request("PATCH", path, change, content=MERGE)


def _place(ingress: Object) -> tuple[Any, ...]:
    return (
        ingress.get("hostname"),
        ingress.get("ip"),
        sorted(each["port"] for each in ingress.get("ports") or []),
    )


def _path(service: Object) -> str:
    own = service["metadata"]
    return f"/api/v1/namespaces/{own['namespace']}/services/{own['name']}"
