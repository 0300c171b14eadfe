"""
Clients of API servers, safe to use from several threads.

lightkube's objects are structs of msgspec, which analyses a type at its first use. If two threads
do so at once, the process ends with a segmentation fault (msgspec 0.22.0; shown by
tests/components/test_api_server.py). So every type that is read here is analysed in advance, by one
thread.

An API server that is busy, or has just got new CRDs, answers 429 or 503 with the header
`Retry-After`. Requests are then repeated, as in every client of Kubernetes (client-go,
rest/with_retry.go).
"""

import threading
import time
from collections.abc import Generator
from functools import cache
from typing import Any, cast

from httpx2 import BaseTransport, HTTPStatusError, Request, Response, Timeout
from httpx2 import Client as HttpClient
from lightkube import Client, KubeConfig
from lightkube.config import client_adapter
from lightkube.config.kubeconfig import SingleConfig
from lightkube.config.models import User, UserExec
from lightkube.models.meta_v1 import ListMeta, ObjectMeta, Status
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.coordination_v1 import Lease
from lightkube.resources.core_v1 import ConfigMap, Endpoints, Namespace, Node, Pod, Secret, Service

from .yaml_text import parsed

# The kinds that are read, each with the fewest fields that are valid. Custom resources are plain
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

# The fewest fields with which msgspec analyses every type of a kubeconfig.
_KUBECONFIG = {
    "clusters": [{"name": "", "cluster": {"server": ""}}],
    "contexts": [{"name": "", "context": {"cluster": ""}}],
    "users": [{"name": "", "user": {}}],
}

# Time limit of each step of a request: to read, and to change something, which may take longer. A
# cluster that does not answer in time is reported, and does not stop a command.
READ_TIMEOUT_SECONDS = 10
CHANGE_TIMEOUT_SECONDS = 30

# The number of retries of client-go.
RETRIES = 10

_lock = threading.Lock()

_authenticated: "dict[str, SharedExecAuth]" = {}


class RetryAfterTransport(BaseTransport):
    """A transport that repeats a request as long as the API server answers with `Retry-After`."""

    def __init__(self, inner: HttpClient) -> None:
        """Send through another client, which applies the proxy settings of the environment."""
        self._inner = inner

    def handle_request(self, request: Request) -> Response:
        """Send one request; return the answer after the last retry in any case."""
        for _ in range(RETRIES):
            answer = self._inner.send(request, stream=True)
            after = answer.headers.get("Retry-After", "")
            if not after.isdigit() or not (answer.status_code == 429 or answer.status_code >= 500):
                return answer
            answer.read()  # completely, so that the connection is reused
            time.sleep(int(after))
        return self._inner.send(request, stream=True)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class SharedExecAuth(client_adapter.ExecAuth):
    """The token that an exec plugin prints; the plugin runs again only if a token is rejected."""

    def __init__(self, plugin: UserExec) -> None:
        """Run a plugin when a request needs its token."""
        super().__init__(plugin)
        self._running = threading.Lock()

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Authenticate a request; those of other threads wait for the plugin, not for it."""
        flow = super().sync_auth_flow(request)
        with self._running:
            authenticated = next(flow)
        answer = yield authenticated
        try:
            with self._running:
                again = flow.send(answer)
        except StopIteration:
            return
        yield again


def client(kubeconfig: str, *, timeout_seconds: float = READ_TIMEOUT_SECONDS) -> Client:
    """
    Make a client of the API server in a kubeconfig's current context.

    Args:
        timeout_seconds: for each step of a request: connect, write, read.
    """
    config, transport = _read(kubeconfig)
    return Client(config=config, timeout=Timeout(timeout_seconds), transport=transport)


def is_missing(error: HTTPStatusError) -> bool:
    """
    Return whether an API server answered that an object, or its whole kind, does not exist.

    For a kind that it does not know, e.g. after Linkerd was removed, it answers plain text, which
    lightkube does not turn into its own `ApiError`.
    """
    return error.response.status_code == 404


def http(kubeconfig: str, *, timeout_seconds: float = READ_TIMEOUT_SECONDS) -> HttpClient:
    """
    Make an HTTP client of an API server, for paths that are not objects, e.g. the service proxy.

    Args:
        timeout_seconds: for each step of a request: connect, write, read.
    """
    config, transport = _read(kubeconfig)
    parameters = client_adapter.ConnectionParams(
        timeout=Timeout(timeout_seconds), transport=transport
    )
    return client_adapter.Client(config, parameters)


def _read(kubeconfig: str) -> tuple[SingleConfig, RetryAfterTransport]:
    """Return the current context, and a transport, which authenticates with an exec plugin."""
    with _lock:
        _analyse_types()
    # It returns None only if the caller gives a default.
    config = cast(SingleConfig, KubeConfig.from_dict(parsed(kubeconfig)).get())
    user = config.user or User()
    verify = client_adapter.verify_cluster(config.cluster, user, config.abs_file)
    auth = _shared_auth(user.exec) if user.exec else None
    # Else lightkube runs the plugin for each client; it authenticates other users.
    user.exec = None
    return config, RetryAfterTransport(HttpClient(verify=verify, auth=auth))


def _shared_auth(plugin: UserExec) -> SharedExecAuth:
    with _lock:
        # Its text has every field.
        return _authenticated.setdefault(repr(plugin), SharedExecAuth(plugin))


@cache
def _analyse_types() -> None:
    """Use every type once, so that msgspec has analysed it."""
    KubeConfig.from_dict(_KUBECONFIG)
    for kind, least in KINDS.items():
        kind.from_dict(least)
