"""Objects that the tests of the mirror controllers speak of: the ordinary case, or what differs."""

from typing import Any

from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import Key, View

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


def view(**overrides: Any) -> View:
    told: dict[str, Any] = {
        "services": by_key(service()),
        "endpoints": by_key(endpoints()),
        "namespaces": {"yelb"},
        "addresses": lambda: [GATEWAY],
        **overrides,
    }
    return View(**told)


def written(made: Object, version: str = "1") -> Object:
    """Give an object as the API server returns it."""
    return {**made, "metadata": {**made["metadata"], "resourceVersion": version}}
