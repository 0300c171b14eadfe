"""
The hand of a mirror controller: takes steps, on the source with its account, on the target with its
credentials.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.mirror import mirrors
from sandbox.mirror.api import MERGE, Api, ApiError, Store
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import (
    About,
    Attempt,
    Failed,
    Skipped,
    Status,
    Step,
    TryAgainError,
    View,
    Write,
)

LINKS = "/apis/multicluster.linkerd.io/v1alpha3/namespaces/{}/links"


@dataclass(frozen=True, kw_only=True)
class Local:
    """The source, as the controller's account sees it."""

    api: Api
    services: Store
    endpoints: Store
    namespaces: Store
    links: Callable[[], Mapping[str, Link]]


class Writer:
    """Takes the steps for one link."""

    def __init__(self, link: Link, local: Local, target: Api, say: Callable[[str], None]) -> None:
        self._link, self._local, self._target, self._say = link, local, target, say
        self._events: dict[tuple[str, str], Object] = {}

    async def take(self, step: Step, look: Callable[[], View]) -> None:
        """Take one step, with what is known by then; raises what the API server said against it."""
        match step:
            case Write():
                try:
                    await self._write(step, look)
                except ApiError as error:
                    if step.undo is not None:
                        await self._write(step.undo, look)
                    if step.about is not None and step.failure:
                        await self._report_failure(step.about, f"{step.failure}: {error}")
                    raise
            case Attempt():
                try:
                    for write in step.writes:
                        await self.take(write, look)
                except ApiError as error:
                    self._say(f"{error}; the rest goes on")
            case Status():
                await self._report(step.about, step.condition)
            case Failed():
                if step.about is not None:
                    await self._report_failure(step.about, step.message)
                raise TryAgainError(step.message)
            case Skipped():
                await self._record(step)

    async def _write(self, step: Write, look: Callable[[], View]) -> None:
        namespace, name = mirrors.key_of(step.object)
        path = f"/api/v1/namespaces/{namespace}/{step.kind}"
        store = {"services": self._local.services, "endpoints": self._local.endpoints}.get(
            step.kind, self._local.namespaces
        )
        manifest = step.object if step.finish is None else step.finish(look())
        self._say(f"{step.verb} {step.kind} {namespace}/{name}")
        try:
            if step.verb == "delete":
                await self._local.api.request("DELETE", f"{path}/{name}")
                store.drop(step.object)
            elif step.verb == "create":
                store.put(await self._local.api.request("POST", path, manifest))
            else:
                store.put(await self._local.api.request("PUT", f"{path}/{name}", manifest))
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
        path = f"{LINKS.format(self._link.namespace)}/{self._link.name}"
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

    async def _record(self, skipped: Skipped) -> None:
        """Write an Event on the target; one that says the same again is only counted."""
        event = mirrors.skipped_event(self._link, skipped.service, skipped.message)
        events = f"/api/v1/namespaces/{event['metadata']['namespace']}/events"
        same = skipped.service["metadata"].get("uid", ""), skipped.message
        before = self._events.get(same)
        try:
            if before is None:
                self._events[same] = await self._target.request("POST", events, event)
                return
            again = {"count": before["count"] + 1, "lastTimestamp": event["lastTimestamp"]}
            path = f"{events}/{before['metadata']['name']}"
            self._events[same] = await self._target.request("PATCH", path, again, content=MERGE)
        except ApiError as error:
            self._say(f"cannot write an Event on the target: {error}")
