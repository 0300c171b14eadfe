"""Clusters that exist in memory only, in place of `sandbox.clusters`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

import pytest

from sandbox.clusters import RunningCluster
from sandbox.home import Home, SandboxError
from sandbox.nodes import Node

REPLACED = (
    *("create_cluster", "read_cluster", "delete_cluster", "add_nodes", "remove_nodes"),
    *("administrator_token", "is_made"),
)


@dataclass
class FakeClusters:
    """Remembers what would run."""

    nodes: dict[str, dict[str, Node]] = field(default_factory=dict)
    versions: dict[str, str | None] = field(default_factory=dict)
    server_names: dict[str, list[str]] = field(default_factory=dict)
    fails: str = ""
    """The name of the function that fails."""

    def replace(self, patched: pytest.MonkeyPatch, *modules: ModuleType) -> None:
        """Be called in place of the functions of modules."""
        for module in modules:
            for name in REPLACED:
                if hasattr(module, name):
                    patched.setattr(module, name, getattr(self, name))

    def create_cluster(
        self,
        home: Home,
        name: str,
        *,
        kubernetes_version: str | None = None,
        server_names: Sequence[str] = (),
    ) -> RunningCluster:
        """Start nothing."""
        if self.fails == "create_cluster":
            raise SandboxError("it does not start")
        if name in self.nodes:
            raise SandboxError("it exists already")
        self.nodes[name] = {}
        self.versions[name], self.server_names[name] = kubernetes_version, [*server_names]
        return self._running(name)

    def read_cluster(self, home: Home, name: str) -> RunningCluster | None:
        """Give what was started."""
        return self._running(name) if name in self.nodes else None

    def is_made(self, home: Home, name: str) -> bool:
        """Tell whether it was started."""
        return name in self.nodes

    def administrator_token(self, home: Home, name: str) -> str:
        """Give the token of what was started."""
        return self._running(name).token

    def delete_cluster(self, home: Home, name: str) -> None:
        """Forget it."""
        self.nodes.pop(name, None)

    def add_nodes(self, home: Home, name: str, nodes: Sequence[Node]) -> None:
        """Remember nodes."""
        if self.fails == "add_nodes":
            raise SandboxError("no node became ready")
        self.nodes[name] |= {node.name: node for node in nodes}

    def remove_nodes(self, home: Home, name: str, names: list[str]) -> None:
        """Forget nodes."""
        for node in names:
            self.nodes[name].pop(node, None)

    def _running(self, name: str) -> RunningCluster:
        return RunningCluster(
            name=name,
            server="https://127.0.0.1:1",
            ca_pem="the authority",
            client_certificate_pem="a certificate",
            client_key_pem="a key",
            token="a token",
        )
