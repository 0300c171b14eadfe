"""Providers for tests: configured, but talking to whatever a test puts there."""

from __future__ import annotations

from typing import Any

from sandbox.plugins.kubernetes import kubeconfig
from sandbox.plugins.kubernetes.api import Api, Unreachable
from sandbox.plugins.kubernetes.provider import KubernetesProvider
from sandbox.plugins.kubernetes.settings import Settings


def provider_of(server: Any, **settings: Any) -> KubernetesProvider:
    provider = KubernetesProvider()
    provider.settings = Settings(**settings)
    provider.target = kubeconfig.select(
        {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c"}}],
            "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        }
    )
    provider.__dict__["api"] = Api(server)
    return provider


class NoServer:
    def send(self, method: str, path: str, body: object = None, content: str = "") -> Any:
        raise Unreachable("connection refused")
