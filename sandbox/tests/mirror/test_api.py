"""Lists that are kept by watching: what they tell, and that they come back after errors."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from sandbox.mirror.api import Api, ApiError, Store
from sandbox.mirror.link import Object


def item(name: str, version: int) -> Object:
    return {"metadata": {"name": name, "namespace": "yelb", "resourceVersion": str(version)}}


class ScriptedApi(Api):
    """Answers lists from a script, and watches with the events after each."""

    def __init__(self, *script: tuple[list[Object] | ApiError, list[Object]]) -> None:
        self.script = list(script)
        self.events: list[Object] = []

    async def request(
        self,
        method: str,
        path: str,
        body: Object | None = None,
        *,
        content: str = "",
        params: Mapping[str, str] | None = None,
    ) -> Object:
        if not self.script:
            await asyncio.Event().wait()
        listed, self.events = self.script.pop(0)
        if isinstance(listed, ApiError):
            raise listed
        return {"metadata": {"resourceVersion": "9"}, "items": listed}

    async def watch(self, path: str, params: Mapping[str, str]) -> AsyncIterator[Object]:
        for event in self.events:
            yield event
        raise ApiError(0, "lost")


def run(api: Api) -> tuple[list[tuple[str, str]], list[str], Store]:
    told: list[tuple[str, str]] = []
    errors: list[str] = []
    store = Store(
        api,
        "/things",
        on_event=lambda kind, thing, _: told.append((kind, thing["metadata"]["name"])),
        say=errors.append,
    )
    store.FIRST_PAUSE_SECONDS = store.LONGEST_PAUSE_SECONDS = 0.0

    async def for_a_while() -> None:
        task = asyncio.create_task(store.run())
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(for_a_while())
    return told, errors, store


def test_what_went_while_nobody_watched_is_told_by_the_next_list() -> None:
    told, _, _ = run(ScriptedApi(([item("a", 1), item("b", 2)], []), ([item("b", 2)], [])))

    assert told == [("ADDED", "a"), ("ADDED", "b"), ("DELETED", "a")]


def test_an_expired_watch_is_no_error() -> None:
    expired = {"type": "ERROR", "object": {"code": 410, "message": "too old"}}
    told, errors, _ = run(ScriptedApi(([item("a", 1)], [expired]), ([item("a", 2)], [])))

    assert told == [("ADDED", "a"), ("MODIFIED", "a")]
    assert errors == ["cannot watch /things: lost"]


def test_the_same_error_is_told_once() -> None:
    refused: tuple[ApiError, list[Object]] = (ApiError(403, "forbidden"), [])
    _, errors, store = run(ScriptedApi(refused, refused, refused))

    assert errors == ["cannot watch /things: forbidden"]
    assert not store.synced.is_set()


def test_an_event_older_than_our_own_write_is_not_told() -> None:
    told: list[str] = []
    store = Store(ScriptedApi(), "/things", on_event=lambda kind, *_: told.append(kind))
    store.put(item("a", 5))

    store._take("MODIFIED", item("a", 4))
    store._take("MODIFIED", item("a", 5))

    assert told == []
    assert store.items["yelb", "a"]["metadata"]["resourceVersion"] == "5"
