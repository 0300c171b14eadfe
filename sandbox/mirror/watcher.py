"""
The work for one link: events of the target and the source, one after another, and the writes they ask for.

Credentials of the target were read before this starts, and are never read again by it.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (Start, processEvents)
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.mirror import decisions, mirrors
from sandbox.mirror.api import MERGE, Api, ApiError, Store
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import About, Failed, Skipped, Status, Step, TryAgain, View, Write

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (endpoint-refresh-period)
REPAIR_SECONDS = 60.0

# Source: linkerd2, controller/k8s/api.go (ResyncTime)
RESYNC_SECONDS = 600.0

FIRST_RETRY_SECONDS = 0.005


@dataclass(frozen=True, kw_only=True)
class Local:
    """The source, as the controller's account sees it."""

    api: Api
    services: Store
    endpoints: Store
    namespaces: Store
    links: Callable[[], Mapping[str, Link]]


class Watcher:
    """What runs for one link, from the reading of its credentials to its next change."""

    def __init__(
        self,
        link: Link,
        local: Local,
        target: Api,
        *,
        probe_service: str,
        creates_namespaces: bool,
        requeue_limit: int,
        say: Callable[[str], None],
    ) -> None:
        self.alive = True
        self._link, self._local, self._target = link, local, target
        self._probe_service, self._creates_namespaces = probe_service, creates_namespaces
        self._requeue_limit, self._say = requeue_limit, say
        self._queue: asyncio.Queue[tuple[str, Object | None, int]] = asyncio.Queue()
        self._services = self._store("services", on_event=self._on_service)
        self._endpoints = self._store("endpoints", on_event=self._on_endpoints)
        self._complained: dict[str, str] = {}

    async def run(self) -> None:
        """Sync, then follow events for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._services.run())
            tasks.create_task(self._endpoints.run())
            await self._services.synced.wait()
            await self._endpoints.synced.wait()
            self._add("orphans")
            for service in list(self._services.items.values()):
                self._add("service", service)
            for namespace in list(self._local.namespaces.items.values()):
                self.on_namespace(namespace)
            self.repair()
            tasks.create_task(self._every(REPAIR_SECONDS, self.repair))
            tasks.create_task(self._every(RESYNC_SECONDS, self._resync))
            await self._work()

    def is_synced(self) -> bool:
        """Tell whether the target was read once."""
        return self._services.synced.is_set() and self._endpoints.synced.is_set()

    def repair(self) -> None:
        """Look at all Endpoints that lead through the gateway again."""
        if self._link.gateway_address:
            self._add("repair")

    def on_namespace(self, namespace: Object) -> None:
        """Look at the target's services of a namespace that the source has now."""
        name = namespace["metadata"]["name"]
        for (space, _), service in list(self._services.items.items()):
            if space == name:
                self._add("service", service)

    def _store(self, what: str, on_event: Callable[[str, Object, Object | None], None]) -> Store:
        return Store(
            self._target,
            f"/api/v1/{what}",
            on_event=on_event,
            on_error=lambda error: self._complain(what, f"cannot watch the target's {what}: {error}"),
        )

    def _add(self, kind: str, manifest: Object | None = None, tries: int = 0) -> None:
        self._queue.put_nowait((kind, manifest, tries))

    def _on_service(self, kind: str, service: Object, _: Object | None) -> None:
        self._complained.pop("services", None)
        if self.is_synced():
            self._add("service deleted" if kind == "DELETED" else "service", service)

    def _on_endpoints(self, kind: str, endpoints: Object, _: Object | None) -> None:
        self._complained.pop("endpoints", None)
        # New Endpoints are looked at with their service, deleted ones by the next repair.
        if kind == "MODIFIED" and self.is_synced():
            self._add("endpoints", endpoints)

    async def _every(self, period: float, do: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(period)
            do()

    def _resync(self) -> None:
        for service in list(self._services.items.values()):
            self._add("service", service)

    async def _work(self) -> None:
        while True:
            kind, manifest, tries = await self._queue.get()
            try:
                for step in self._decide(kind, manifest, await self._addresses()):
                    await self._take(step)
            except (TryAgain, ApiError) as error:
                await self._again(kind, manifest, tries, error)
            except ValueError as error:
                self._say(f"{_named(kind, manifest)}: {error}; not tried again")

    async def _again(self, kind: str, manifest: Object | None, tries: int, error: Exception) -> None:
        if tries >= self._requeue_limit:
            self._say(f"{_named(kind, manifest)}: {error}; giving up")
            return
        self._say(f"{_named(kind, manifest)}: {error}; will be tried again")
        pause = FIRST_RETRY_SECONDS * 2**tries
        asyncio.get_running_loop().call_later(pause, self._add, kind, manifest, tries + 1)

    def _decide(
        self, kind: str, manifest: Object | None, addresses: Sequence[str] | TryAgain
    ) -> list[Step]:
        link, view = self._link, self._view(addresses)
        match kind, manifest:
            case "orphans", _:
                return decisions.orphans(link, view)
            case "repair", _:
                return decisions.repair(link, view, self._probe_service)
            case "service", dict():
                return decisions.on_service(link, view, manifest)
            case "service deleted", dict():
                return decisions.on_service_deleted(link, view, manifest)
            case "endpoints", dict():
                return decisions.on_endpoints(link, view, manifest)
            case _:
                raise ValueError(f"unknown event {kind}")

    def _view(self, addresses: Sequence[str] | TryAgain) -> View:
        def known() -> Sequence[str]:
            if isinstance(addresses, TryAgain):
                raise addresses
            return addresses

        return View(
            services=self._services.items,
            endpoints=self._endpoints.items,
            local_services=self._local.services.items,
            local_endpoints=self._local.endpoints.items,
            namespaces={name for _, name in self._local.namespaces.items},
            links=self._local.links(),
            addresses=known,
            alive=self.alive,
            creates_namespaces=self._creates_namespaces,
        )

    async def _addresses(self) -> Sequence[str] | TryAgain:
        """Resolve the gateway's addresses, literal ones or host names, joined by commas."""
        found: set[str] = set()
        for address in filter(None, self._link.gateway_address.split(",")):
            try:
                found.add(str(ipaddress.ip_address(address)))
            except ValueError:
                found.update(await _resolved(address))
        return sorted(found) or TryAgain(
            f"cannot resolve the gateway's address {self._link.gateway_address!r}"
        )

    async def _take(self, step: Step) -> None:
        match step:
            case Write():
                try:
                    await self._write(step)
                except ApiError as error:
                    if step.undo is not None:
                        await self._write(step.undo)
                    if step.about is not None and step.failure:
                        await self._report_failure(step.about, f"{step.failure}: {error}")
                    raise
            case Status():
                await self._report(step.about, step.condition)
            case Failed():
                await self._report_failure(step.about, step.message)
                raise TryAgain(step.message)
            case Skipped():
                await self._record(step.service)

    async def _write(self, step: Write) -> None:
        namespace, name = mirrors.key_of(step.object)
        path = f"/api/v1/namespaces/{namespace}/{step.kind}"
        if step.kind == "namespaces":
            path = "/api/v1/namespaces"
        store = {"services": self._local.services, "endpoints": self._local.endpoints}.get(
            step.kind, self._local.namespaces
        )
        self._say(f"{step.verb} {step.kind} {namespace}/{name}")
        try:
            if step.verb == "delete":
                await self._local.api.request("DELETE", f"{path}/{name}")
                store.drop(step.object)
            elif step.verb == "create":
                store.put(await self._local.api.request("POST", path, step.object))
            else:
                store.put(await self._local.api.request("PUT", f"{path}/{name}", step.object))
        except ApiError as error:
            gone = step.verb == "delete" and error.status == 404
            there = step.verb == "create" and error.status == 409 and step.kind != "endpoints"
            if not gone and not there:
                raise

    async def _report_failure(self, about: About, message: str) -> None:
        await self._report(
            about, mirrors.condition(mirrored=False, reason="Error", message=message)
        )

    async def _report(self, about: About, condition: Object | None) -> None:
        if not self._link.target:
            return  # the local mirror has no Link
        path = f"/apis/multicluster.linkerd.io/v1alpha3/namespaces/{self._link.namespace}/links"
        path = f"{path}/{self._link.name}"
        try:
            present = await self._local.api.request("GET", path)
            status = mirrors.changed_status(
                present.get("status") or {},
                field=about.field,
                namespace=about.namespace,
                name=about.name,
                condition=condition,
            )
            body = {"status": status}
            await self._local.api.request("PATCH", f"{path}/status", body, content=MERGE)
        except ApiError as error:
            self._say(f"cannot write the status of the Link: {error}")

    async def _record(self, service: Object) -> None:
        namespace = service["metadata"]["namespace"]
        event = mirrors.skipped_event(self._link, service)
        try:
            await self._target.request("POST", f"/api/v1/namespaces/{namespace}/events", event)
        except ApiError as error:
            self._say(f"cannot write an Event on the target: {error}")

    def _complain(self, what: str, message: str) -> None:
        if self._complained.get(what) != message:
            self._complained[what] = message
            self._say(message)


async def _resolved(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in found]


def _named(kind: str, manifest: Object | None) -> str:
    return kind if manifest is None else f"{kind} {'/'.join(mirrors.key_of(manifest))}"
