"""
Clients of API servers that threads may use side by side.

lightkube's objects are structs of msgspec, which learns the fields of a type when it first meets
it, and while a thread does, another that meets the same type ends the whole process (segmentation
fault; msgspec 0.22.0, tests/components/test_api_server.py shows it). So every type that is read
here is learnt beforehand, by one thread.

An API server that is busy, or reads the kinds that were just added, answers 429 or 503 and says
when to ask again; as every client of Kubernetes does (client-go, rest/with_retry.go), we do so.
"""

import threading
import time
from functools import cache
from typing import Any, cast

import yaml
from httpx2 import BaseTransport, Request, Response, Timeout
from httpx2 import Client as HttpClient
from lightkube import Client, KubeConfig
from lightkube.config import client_adapter
from lightkube.config.kubeconfig import SingleConfig
from lightkube.config.models import User
from lightkube.models.meta_v1 import ListMeta, ObjectMeta, Status
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.coordination_v1 import Lease
from lightkube.resources.core_v1 import ConfigMap, Endpoints, Namespace, Node, Pod, Secret, Service

# What the product reads, and the least that each consists of. Objects of custom kinds are plain
# dictionaries with metadata.
KINDS: dict[Any, dict[str, Any]] = {
    ConfigMap: {},
    Deployment: {"spec": {"selector": {}, "template": {}}},
    Endpoints: {},
    Lease: {},
    Namespace: {},
    Node: {},
    Pod: {},
    Secret: {},
    Service: {},
    ListMeta: {},
    ObjectMeta: {},
    Status: {},
}

# Enough for msgspec to look at every type that a configuration consists of.
_KUBECONFIG = {
    "clusters": [{"name": "", "cluster": {"server": ""}}],
    "contexts": [{"name": "", "context": {"cluster": ""}}],
    "users": [{"name": "", "user": {}}],
}

# How long one step of a request may take: to read, and where something is changed, which is worth
# waiting for. A cluster that does not answer in time is reported, and does not stop a command.
READ_TIMEOUT_SECONDS = 10
CHANGE_TIMEOUT_SECONDS = 30

# How often client-go asks again before it takes the answer for one.
RETRIES = 10

_learning = threading.Lock()


class Patient(BaseTransport):
    """Sends a request again when, and as often as, the API server asks for that."""

    def __init__(self, inner: HttpClient) -> None:
        """Send by another client, which finds the proxies of the user's environment."""
        self._inner = inner

    def handle_request(self, request: Request) -> Response:
        """Send one request; the last answer is returned whatever it is."""
        for _ in range(RETRIES):
            answer = self._inner.send(request, stream=True)
            after = answer.headers.get("Retry-After", "")
            if not after.isdigit() or not (answer.status_code == 429 or answer.status_code >= 500):
                return answer
            answer.read()  # to its end, so that the connection is kept
            time.sleep(int(after))
        return self._inner.send(request, stream=True)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def client(kubeconfig: str, *, timeout_seconds: float = READ_TIMEOUT_SECONDS) -> Client:
    """
    Make a client of the API server that a kubeconfig names.

    Args:
        timeout_seconds: for each step of a request: connecting, writing, reading.
    """
    config = _read(kubeconfig)
    timeout = Timeout(timeout_seconds)
    return Client(config=config, timeout=timeout, transport=_transport(config))


def http(kubeconfig: str, *, timeout_seconds: float = READ_TIMEOUT_SECONDS) -> HttpClient:
    """
    Make a client for paths of an API server that are no objects, e.g. those it hands on.

    Args:
        timeout_seconds: for each step of a request: connecting, writing, reading.
    """
    config = _read(kubeconfig)
    told = client_adapter.ConnectionParams(
        timeout=Timeout(timeout_seconds), transport=_transport(config)
    )
    return client_adapter.Client(config, told)


def _read(kubeconfig: str) -> SingleConfig:
    with _learning:
        _learn()
    # None is for callers that give a default.
    return cast(SingleConfig, KubeConfig.from_dict(yaml.safe_load(kubeconfig)).get())


def _transport(config: SingleConfig) -> Patient:
    user = config.user or User()
    verify = client_adapter.verify_cluster(config.cluster, user, config.abs_file)
    return Patient(HttpClient(verify=verify))


@cache
def _learn() -> None:
    """Let msgspec meet every type once."""
    KubeConfig.from_dict(_KUBECONFIG)
    for kind, least in KINDS.items():
        kind.from_dict(least)
