"""Objects that the tests of the mirror controllers speak of: the ordinary case, or what differs."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.mirror.api import ApiError
from sandbox.mirror.link import Link, Object
from sandbox.mirror.work import Key, Work
from sandbox.mirror.writer import About, TryAgainError, Writer

EXPORTED = {"mirror.linkerd.io/exported": "true"}
FLAT = {"mirror.linkerd.io/exported": "remote-discovery"}
MEMBER = {"mirror.linkerd.io/federated": "member"}
GATEWAY = "192.0.2.10"


def link(**overrides: Any) -> Link:
    told: dict[str, Any] = {
        "name": "east",
        "namespace": "linkerd-multicluster",
        "target": "east",
        "credentials": "cluster-credentials-east",
        "gateway_address": GATEWAY,
        "gateway_port": "4143",
        "gateway_identity": "gateway.identity",
        "probe_path": "/ready",
        "probe_port": "4191",
        "probe_period": "3s",
        "failure_threshold": "3",
        "created": "2026-01-02T00:00:00Z",
        "selector": {"matchLabels": EXPORTED},
        "remote_discovery": {"matchLabels": FLAT},
        "federated": {"matchLabels": MEMBER},
        **overrides,
    }
    return Link(**told)


def service(name: str = "db", labels: dict[str, str] | None = None, **overrides: Any) -> Object:
    metadata = {
        "name": name,
        "namespace": "yelb",
        "labels": EXPORTED if labels is None else labels,
        "annotations": overrides.pop("annotations", {}),
        "resourceVersion": overrides.pop("version", "100"),
    }
    port = {"name": "tcp", "port": 5432, "protocol": "TCP", "targetPort": 5432, "appProtocol": "x"}
    return {"metadata": metadata, "spec": {"ports": [port], **overrides}}


def endpoints(
    name: str = "db", *, ready: bool = True, labels: dict[str, str] | None = None
) -> Object:
    metadata = {
        "name": name,
        "namespace": "yelb",
        "labels": EXPORTED if labels is None else labels,
        "resourceVersion": "7",
    }
    address = "addresses" if ready else "notReadyAddresses"
    return {
        "metadata": metadata,
        "subsets": [{address: [{"ip": "10.0.0.1"}], "ports": [{"port": 1}]}],
    }


def by_key(*objects: Object) -> dict[Key, Object]:
    return {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in objects}


def local(name: str, labels: dict[str, str] | None = None, *, cluster_ip: str = "") -> Object:
    """Make a Service of the source."""
    metadata = {"name": name, "namespace": "yelb", "labels": labels or {}}
    return {"metadata": metadata, "spec": {"clusterIP": cluster_ip or f"ip-of-{name}"}}


class Recorder(Writer):
    """Writes down what is written, instead of writing it."""

    def __init__(self, services: dict[Key, Object], refuses: str) -> None:
        self.told: list[tuple[str, ...]] = []
        self.written: list[Object] = []
        self._services, self._refuses = services, refuses

    async def _write(self, verb: str, kind: str, manifest: Object) -> None:
        name = manifest["metadata"]["name"]
        self.told.append((verb, kind, name))
        if (verb, kind) == ("create", self._refuses):
            raise ApiError(400, "no")
        self.written.append(manifest)
        if (verb, kind) == ("create", "services"):
            self._services["yelb", name] = local(name)

    async def report(self, about: About, condition: Object | None) -> None:
        reason = [condition["reason"], condition["message"]] if condition else []
        self.told.append(("status", about.name, *reason))

    async def skip(self, service: Object, message: str) -> None:
        self.told.append(("event", service["metadata"]["name"], message))

    def say(self, text: str) -> None:
        """Say nothing."""


def work(of: Link | None = None, *, refuses: str = "", **overrides: Any) -> Work:
    """Make what a controller works with; `refuses` is a kind that the source refuses."""
    services = overrides.setdefault("local_services", {})
    told: dict[str, Any] = {
        "link": of or link(),
        "writer": Recorder(services, refuses),
        "services": by_key(service()),
        "endpoints": by_key(endpoints()),
        "namespaces": {"yelb"},
        "addresses": lambda: [GATEWAY],
        **overrides,
    }
    return Work(**told)


def dealt(deal: Callable[..., Coroutine[Any, Any, None]], work: Work, *given: Any) -> Recorder:
    """Deal with one event, and return what was written."""
    asyncio.run(deal(work, *given))
    assert isinstance(work.writer, Recorder)
    return work.writer


def no_address() -> list[str]:
    """Do as a gateway that cannot be resolved."""
    raise TryAgainError("no address")


def returned(made: Object, version: str = "1") -> Object:
    """Give an object as the API server returns it."""
    return {**made, "metadata": {**made["metadata"], "resourceVersion": version}}
