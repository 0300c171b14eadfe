"""
A client for one API server as one account: JSON over HTTPS, with lists that are kept by watching.

Errors carry the server's own words; neither they nor anything else here shows a token.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx2

from sandbox.mirror.link import Object

REQUEST_SECONDS = 10.0

# The server ends a watch after this time, and we begin the next where it ended.
WATCH_SECONDS = 240

MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"


class ApiError(Exception):
    """The API server refused, or could not be reached (status 0)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Api:
    """One API server, as one account."""

    def __init__(
        self, server: str, context: ssl.SSLContext, *, token: str = "", name: str | None = None
    ) -> None:
        """Speak to a server; `name` is what its certificate must hold if not the URL's host."""
        self._extensions = {} if name is None else {"sni_hostname": name}
        self._client = httpx2.AsyncClient(
            base_url=server,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            verify=context,
            trust_env=False,
            timeout=httpx2.Timeout(REQUEST_SECONDS, read=WATCH_SECONDS + REQUEST_SECONDS),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=4),
        )

    async def request(
        self,
        method: str,
        path: str,
        body: Object | None = None,
        *,
        content: str = "application/json",
        params: Mapping[str, str] | None = None,
    ) -> Object:
        """Send one request and give the answer."""
        headers = {"Content-Type": content}
        data = None if body is None else json.dumps(body)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                answer = await self._client.request(
                    method,
                    path,
                    content=data,
                    headers=headers,
                    params=params,
                    extensions=self._extensions,
                )
        except (httpx2.HTTPError, TimeoutError) as error:
            raise ApiError(0, f"cannot reach the API server: {error or 'timeout'}") from error
        if answer.status_code >= 400:
            raise ApiError(answer.status_code, _message(answer.text, answer.status_code))
        return dict(answer.json())

    async def watch(self, path: str, params: Mapping[str, str]) -> AsyncIterator[Object]:
        """Give the events of a watch until the server ends it."""
        asked = {**params, "watch": "1", "timeoutSeconds": str(WATCH_SECONDS)}
        try:
            async with self._client.stream(
                "GET", path, params=asked, extensions=self._extensions
            ) as answer:
                if answer.status_code >= 400:
                    text = (await answer.aread()).decode(errors="replace")
                    raise ApiError(answer.status_code, _message(text, answer.status_code))
                async for line in answer.aiter_lines():
                    if line:
                        yield json.loads(line)
        except httpx2.HTTPError as error:
            raise ApiError(0, f"lost the API server: {error or type(error).__name__}") from error

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


class Store:
    """
    A list of objects, kept by watching.

    `on_event` gets ADDED, MODIFIED or DELETED, the object, and what it was before; `say` is told
    each error once, however often it comes back before a success.
    """

    FIRST_PAUSE_SECONDS = 0.2
    LONGEST_PAUSE_SECONDS = 3.0

    def __init__(
        self,
        api: Api,
        path: str,
        *,
        on_event: Callable[[str, Object, Object | None], None] = lambda *_: None,
        say: Callable[[str], None] = lambda _: None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self.items: dict[tuple[str, str], Object] = {}
        self.synced = asyncio.Event()
        self._api, self._path, self._params = api, path, dict(params or {})
        self._on_event, self._say = on_event, say

    async def run(self) -> None:
        """List and watch for ever."""
        pause = self.FIRST_PAUSE_SECONDS
        said = ""
        while True:
            try:
                version = await self._list()
                self.synced.set()
                pause, said = self.FIRST_PAUSE_SECONDS, ""
                await self._watch(version)
            except ApiError as error:
                # 410: what we had seen last is forgotten by the server, so list anew.
                if error.status != 410 and str(error) != said:
                    said = str(error)
                    self._say(f"cannot watch {self._path}: {error}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, self.LONGEST_PAUSE_SECONDS)

    def put(self, manifest: Object) -> None:
        """Take in what we have just written, before the watch tells us."""
        self.items[_key(manifest)] = manifest

    def drop(self, manifest: Object) -> None:
        """Forget what we have just deleted."""
        self.items.pop(_key(manifest), None)

    async def _list(self) -> str:
        answer = await self._api.request("GET", self._path, params=self._params)
        found = {_key(item): item for item in answer.get("items") or []}
        for key in [key for key in self.items if key not in found]:
            self._take("DELETED", self.items[key])
        for item in found.values():
            self._take("ADDED", item)
        return str(answer["metadata"]["resourceVersion"])

    async def _watch(self, version: str) -> None:
        while True:
            params = {**self._params, "resourceVersion": version, "allowWatchBookmarks": "true"}
            async for event in self._api.watch(self._path, params):
                manifest = event["object"]
                if event["type"] == "ERROR":
                    code = int(manifest.get("code", 500))
                    raise ApiError(code, str(manifest.get("message", "the watch ended")))
                version = manifest["metadata"]["resourceVersion"]
                if event["type"] != "BOOKMARK":
                    self._take(event["type"], manifest)

    def _take(self, kind: str, manifest: Object) -> None:
        key = _key(manifest)
        before = self.items.get(key)
        if kind == "DELETED":
            self.items.pop(key, None)
            self._on_event(kind, manifest, before)
            return
        if before is not None and _version(before) > _version(manifest):
            return  # our own write, which the watch has not reached
        self.items[key] = manifest
        if before is None:
            self._on_event("ADDED", manifest, None)
        elif _version(before) < _version(manifest):
            self._on_event("MODIFIED", manifest, before)


async def sync(tasks: asyncio.TaskGroup, *stores: Store) -> None:
    """Let lists be kept by tasks, and wait until all were read once."""
    for store in stores:
        tasks.create_task(store.run())
    for store in stores:
        await store.synced.wait()


def _key(manifest: Object) -> tuple[str, str]:
    return manifest["metadata"].get("namespace", ""), manifest["metadata"]["name"]


def _version(manifest: Object) -> int:
    # Opaque by contract, and a rising number in every API server that keeps its objects in etcd.
    return int(manifest["metadata"]["resourceVersion"])


def _message(text: str, status: int) -> str:
    try:
        answer: Any = json.loads(text)
    except ValueError:
        return f"HTTP {status}"
    return str(answer.get("message") or f"HTTP {status}") if isinstance(answer, dict) else "?"
