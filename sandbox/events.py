"""Events of Kubernetes about Services: what a controller says about one, or how often it did."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sandbox.mirror.api import MERGE, Api, ApiError

Object = dict[str, Any]


class Events:
    """Writes the Events of one component on one cluster."""

    def __init__(self, api: Api, component: str) -> None:
        self._api, self._component = api, component
        self._counts: Counter[str] = Counter()

    async def record(self, service: Object, reason: str, message: str) -> None:
        """Write an Event, or count one more of the same."""
        own = service["metadata"]
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        uid = own.get("uid", "")
        digest = hashlib.sha256(f"{uid}{reason}{message}".encode()).hexdigest()[:16]
        name, path = f"{own['name']}.{digest}", f"/api/v1/namespaces/{own['namespace']}/events"
        self._counts[name] += 1
        again = {"lastTimestamp": now, "count": self._counts[name]}
        event = {
            "metadata": {"name": name, "namespace": own["namespace"]},
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Service",
                "name": own["name"],
                "namespace": own["namespace"],
                "uid": uid,
                "resourceVersion": own.get("resourceVersion", ""),
            },
            "reason": reason,
            "message": message[:1024],
            "type": "Warning" if reason.startswith("Failed") else "Normal",
            "source": {"component": self._component},
            "reportingComponent": self._component,
            "firstTimestamp": now,
            **again,
        }
        try:
            await self._api.request("POST", path, event)
        except ApiError as error:
            if error.status != 409:
                raise
            await self._api.request("PATCH", f"{path}/{name}", again, content=MERGE)
