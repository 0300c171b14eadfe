"""
A genuine cluster and a genuine Pulumi for the tests that need them, without the rest of a sandbox.

One cluster serves all tests of this folder; each test has its own project, stack and names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.clusters import create_cluster, delete_cluster
from sandbox.home import STATE, Home, delete_home
from sandbox.nodes import Node, add_nodes
from sandbox.plugins_folder import write_plugins

CLUSTER = "kube"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A cluster, and the environment in which programs reach it."""

    home: Home
    kubeconfig: str = field(repr=False)

    def variables(self) -> dict[str, str]:
        """Make the environment of `pulumi`."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PULUMI_", "AWS_", "KUBE", "HELM_"))
        }
        path = [str(self.home.bin), str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]
        return {
            **kept,
            "PATH": os.pathsep.join(path),
            "LINKMESH_SANDBOX_HOME": str(self.home.root),
            "PULUMI_HOME": str(self.home.pulumi),
            "PULUMI_BACKEND_URL": self.home.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "TEST_KUBECONFIG": self.kubeconfig,
            "KUBECONFIG": str(self.home.root / "none"),
            "CI": "1",
            "NO_COLOR": "1",
        }

    def kubectl(self, *arguments: str, given: str | None = None) -> str:
        """Change the cluster behind Pulumi's back, or look into it."""
        file = self.home.cluster(CLUSTER) / "kubeconfig"
        return subprocess.run(
            [str(self.home.bin / "kubectl"), "--kubeconfig", str(file), *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def helm(self, *arguments: str) -> str:
        """Run Helm behind Pulumi's back."""
        file = self.home.cluster(CLUSTER) / "kubeconfig"
        return subprocess.run(
            [str(self.home.bin / "helm"), "--kubeconfig", str(file), *arguments],
            capture_output=True,
            text=True,
            check=True,
        ).stdout


@dataclass(frozen=True, kw_only=True)
class Project:
    """A Pulumi project with one stack."""

    bench: Bench
    folder: Path

    def program(self, text: str) -> None:
        """Replace the program."""
        (self.folder / "__main__.py").write_text(text)

    def pulumi(self, *arguments: str, fails: bool = False, **variables: str) -> str:
        """Run Pulumi and return what it prints."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--stack", "test"],
            cwd=self.folder,
            env={**self.bench.variables(), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def outputs(self) -> dict[str, Any]:
        """Read the stack's outputs."""
        read: dict[str, Any] = json.loads(
            self.pulumi("stack", "output", "--json", "--show-secrets").strip()
        )
        return read


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """Start a cluster with two nodes."""
    home = Home(STATE / f"test-kubernetes-{os.getpid()}")
    home.state.mkdir(parents=True)
    try:
        write_plugins(home, None)
        cluster = create_cluster(home, CLUSTER)
        add_nodes(home, CLUSTER, [Node(name="one"), Node(name="two")])
        yield Bench(home=home, kubeconfig=cluster.kubeconfig)
        delete_cluster(home, CLUSTER)
    finally:
        delete_home(home)


@pytest.fixture
def project(bench: Bench, tmp_path: Path) -> Project:
    """Make an empty project with a stack."""
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: {tmp_path.name.replace('_', '-')}\nruntime: python\n"
    )
    project = Project(bench=bench, folder=tmp_path)
    project.program("")
    project.pulumi("stack", "init")
    return project
