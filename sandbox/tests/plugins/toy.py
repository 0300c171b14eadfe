"""A small provider for tests, and a way to call a service as the engine does."""

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc

from sandbox.home import SandboxError
from sandbox.plugins.contract import Provider, Refused, Resource, State
from sandbox.plugins.diff import Diff
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

URN = "urn:pulumi:dev::project::a:b:Parent$toy:index:Thing::thing"

SCHEMA = Schema(
    required={"size": int},
    optional={"name": str, "tags": {"*": str}, "mood": str},
    replace_on={"name"},
    computed={"arn"},
)


class Thing(Resource):
    """Remembers what was asked of it; its mood says how operations end."""

    auto_named = "name"

    def check(self, news: Properties) -> Properties:
        return SCHEMA.check(news)

    def diff(self, old_inputs: Properties, news: Properties) -> Diff:
        return SCHEMA.diff(old_inputs, news)

    def create(self, news: Properties, *, preview: bool) -> State:
        if preview:
            return State("", SCHEMA.preview(news))
        mood = news.get("mood")
        if mood == "refusing":
            raise Refused("'mood' must be better (got 'refusing')", "mood")
        if mood == "failing":
            raise SandboxError("the cluster did not start")
        if mood == "broken":
            raise KeyError("mood")
        return State("id-1", {**news, "arn": "arn:1"})

    def read(self, old: State, inputs: Properties) -> tuple[State, Properties] | None:
        return None if old.id == "gone" else (State(old.id, {"arn": "arn:read"}), {"size": 2})

    def update(self, old: State, inputs: Properties, news: Properties, *, preview: bool) -> State:
        return State(old.id, {**news, "arn": UNKNOWN if preview else "arn:2"})

    def delete(self, old: State) -> None:
        """Leave nothing."""


class Toy(Provider):
    """A provider of things."""

    name = "toy"
    version = "1.2.3"

    def __init__(self) -> None:
        super().__init__()
        self.config: Properties = {}

    def check_config(self, news: Properties) -> Properties:
        return Schema(optional={"region": str}).check(news)

    def configure(self, config: Properties) -> None:
        self.config = config

    def resource(self, token: str) -> Resource:
        if token != "toy:index:Thing":
            raise self.unknown_type(token)
        return Thing()


@contextmanager
def channel_to(register: Callable[[Any], None]) -> Iterator[Any]:
    """Serve in this process, and give a channel to it."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    try:
        yield channel
    finally:
        channel.close()
        server.stop(None).wait()
