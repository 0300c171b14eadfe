"""
Clients of API servers that threads may use side by side.

lightkube's objects are structs of msgspec, which learns the fields of a type when it first meets
it, and while a thread does, another that meets the same type ends the whole process (segmentation
fault; msgspec 0.22.0, tests/components/test_api_server.py shows it). So every type that is read
here is learnt beforehand, by one thread.
"""

import threading
from functools import cache
from typing import Any

import yaml
from httpx2 import Client as HttpClient
from httpx2 import Timeout
from lightkube import Client, KubeConfig
from lightkube.config import client_adapter
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

_learning = threading.Lock()


def client(kubeconfig: str, *, timeout_seconds: float) -> Client:
    """
    Make a client of the API server that a kubeconfig names.

    Args:
        timeout_seconds: for each step of a request: connecting, writing, reading.
    """
    with _learning:
        _learn()
    config = KubeConfig.from_dict(yaml.safe_load(kubeconfig))
    return Client(config=config, timeout=Timeout(timeout_seconds))


def http(kubeconfig: str, *, timeout_seconds: float) -> HttpClient:
    """
    Make a client for paths of an API server that are no objects, e.g. those it hands on.

    Args:
        timeout_seconds: for each step of a request: connecting, writing, reading.
    """
    config = client(kubeconfig, timeout_seconds=timeout_seconds).config
    told = client_adapter.ConnectionParams(timeout=Timeout(timeout_seconds))
    return client_adapter.Client(config, told)


@cache
def _learn() -> None:
    """Let msgspec meet every type once."""
    KubeConfig.from_dict(_KUBECONFIG)
    for kind, least in KINDS.items():
        kind.from_dict(least)
