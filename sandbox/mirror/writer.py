"""
The hand of a mirror controller: writes on the source with its account, and on the target with its
credentials.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from sandbox.events import Events
from sandbox.mirror import mirrors
from sandbox.mirror.api import MERGE, Api, ApiError, Store
from sandbox.mirror.link import Link, Object

REASON_SKIPPED = "ServiceMirroringSkipped"

LINKS = "/apis/multicluster.linkerd.io/v1alpha3/namespaces/{}/links"


class TryAgainError(Exception):
    """An event cannot be dealt with now."""


@dataclass(frozen=True, kw_only=True)
class About:
    """The entry of a link's status that a write concerns."""

    field: str
    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Local:
    """The source, as the controller's account sees it."""

    api: Api
    services: Store
    endpoints: Store
    namespaces: Store
    links: Callable[[], Mapping[str, Link]]


class Writer:
    """Writes for one link; raises what the API server said against it."""

    def __init__(self, link: Link, local: Local, target: Api, say: Callable[[str], None]) -> None:
        self._link, self._local, self.say = link, local, say
        self._events = Events(target, f"linkerd-service-mirror-{link.target}")

    async def write(
        self,
        verb: Literal["create", "update", "delete"],
        kind: Literal["services", "endpoints"],
        manifest: Object,
        *,
        about: About | None = None,
        failure: str = "",
        undo: Object | None = None,
    ) -> None:
        """
        Write an object on the source.

        Args:
            about: the entry of the link's status that tells a failure; None: only the log does.
            failure: how the entry begins then.
            undo: a Service that is deleted then.
        """
        try:
            await self._write(verb, kind, manifest)
        except ApiError as error:
            if undo is not None:
                await self._write("delete", "services", undo)
            if about is not None:
                await self._report_failure(about, f"{failure}: {error}")
            raise

    async def _write(self, verb: str, kind: str, manifest: Object) -> None:
        namespace, name = mirrors.key_of(manifest)
        path = f"/api/v1/namespaces/{namespace}/{kind}"
        store = self._local.services if kind == "services" else self._local.endpoints
        self.say(f"{verb} {kind} {namespace}/{name}")
        try:
            if verb == "delete":
                await self._local.api.request("DELETE", f"{path}/{name}")
                store.drop(manifest)
            elif verb == "create":
                store.put(await self._local.api.request("POST", path, manifest))
            else:
                store.put(await self._local.api.request("PUT", f"{path}/{name}", manifest))
        except ApiError as error:
            gone = verb == "delete" and error.status == 404
            there = verb == "create" and error.status == 409 and kind != "endpoints"
            if not gone and not there:
                raise

    async def fail(self, about: About | None, message: str) -> NoReturn:
        """Report what cannot be made into a write, and end the event."""
        if about is not None:
            await self._report_failure(about, message)
        raise TryAgainError(message)

    async def _report_failure(self, about: About, message: str) -> None:
        condition = mirrors.condition(mirrored=False, reason="Error", message=message)
        await self.report(about, condition)

    async def report(self, about: About, condition: Object | None) -> None:
        """Write the condition of an entry of the link's status; None takes the entry out."""
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
            self.say(f"cannot write the status of the Link: {error}")

    async def skip(self, service: Object, message: str) -> None:
        """Write an Event on the target about a service that is not mirrored."""
        try:
            await self._events.record(service, REASON_SKIPPED, message)
        except ApiError as error:
            self.say(f"cannot write an Event on the target: {error}")
