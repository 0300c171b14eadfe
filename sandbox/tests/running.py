"""Clusters that tests run, as a person meets them: kubectl, Helm, and patience."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from sandbox.home import PROJECT, TOOLCHAIN, Home

PATIENCE_SECONDS = 120.0

T = TypeVar("T")


@dataclass
class Running:
    """The clusters of a home."""

    home: Home

    def kubectl(self, cluster: str, *argv: str, given: str | None = None) -> str:
        return self._run("kubectl", cluster, *argv, given=given)

    def helm(self, cluster: str, chart: str, namespace: str, values: dict[str, Any]) -> None:
        """Install one of our charts, and wait for its pods."""
        folder = str(PROJECT / "sandbox" / "charts" / chart)
        argv = ["upgrade", "--install", chart, folder, "-n", namespace, "--wait", "-f", "-"]
        self._run("helm", cluster, *argv, "--create-namespace", given=yaml.safe_dump(values))

    def apply(self, cluster: str, *objects: dict[str, Any]) -> None:
        text = "\n---\n".join(json.dumps(one) for one in objects)
        self.kubectl(cluster, "apply", "--server-side", "-f", "-", given=text)

    def read(self, cluster: str, namespace: str, kind: str, name: str) -> dict[str, Any]:
        """Read an object; an empty one if there is none."""
        argv = ["get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found"]
        return dict(json.loads(self.kubectl(cluster, *argv) or "{}"))

    def _run(self, program: str, cluster: str, *argv: str, given: str | None) -> str:
        kubeconfig = f"--kubeconfig={self.home.cluster(cluster) / 'kubeconfig'}"
        done = subprocess.run(
            [str(TOOLCHAIN / "bin" / program), kubeconfig, *argv],
            input=given,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def eventually(holds: Callable[[], T]) -> T:
    """Wait until something holds, and return it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := holds()):
        assert time.monotonic() < until, "it never became true"
        time.sleep(0.1)
    return found


def deployment(namespace: str, name: str, **spec: Any) -> dict[str, Any]:
    """Make a Deployment of one pod, or as many as its specification says."""
    pod = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": name, "image": "x"}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": pod, **spec},
    }
