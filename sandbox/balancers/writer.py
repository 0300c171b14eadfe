"""The hand of the controller: what it writes on a Service."""

from collections.abc import Callable
from typing import Any

from sandbox.balancers.model import Object
from sandbox.mirror.api import MERGE, Api


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


def _place(ingress: Object) -> tuple[Any, ...]:
    return (
        ingress.get("hostname"),
        ingress.get("ip"),
        sorted(each["port"] for each in ingress.get("ports") or []),
    )


def _path(service: Object) -> str:
    own = service["metadata"]
    return f"/api/v1/namespaces/{own['namespace']}/services/{own['name']}"
