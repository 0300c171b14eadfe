"""
The same deployment by kubectl and Helm alone: python -m sandbox.bench.baseline FILE.

Clusters are deployed side by side. On each, kubectl applies what charts build on, Helm installs
Linkerd and then its extensions side by side, and kubectl applies the rest once the gateways that it
links to have addresses, and what patches say. It ends when `mesh up` would: pods are ready and
mirrors have endpoints. The file is what `deployment.plan` makes.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.bench.deployment import GATEWAY_OF, TOKEN_OF

MULTICLUSTER = "linkerd-multicluster"
GATEWAY = "linkerd-gateway"

# What all other charts need, in this order.
FOUNDATION = ("linkerd-crds", "linkerd-control-plane")

WAIT = "--timeout=300s"


def deploy(folder: Path, clusters: Mapping[str, Any]) -> None:
    """Deploy everything, and return when callers can call."""
    with ThreadPoolExecutor(max_workers=2 * len(clusters)) as pool:
        installed = {
            name: pool.submit(_install, folder / name, one) for name, one in clusters.items()
        }
        ends = [pool.submit(_finish, folder / name, name, clusters, installed) for name in clusters]
        for end in ends:
            end.result()


def _install(folder: Path, one: Mapping[str, Any]) -> None:
    """Apply what charts build on, and install the charts."""
    folder.mkdir()
    _apply(folder / "first.json", one, json.dumps(one["first"]))
    charts = {chart["release"]: chart for chart in one["charts"]}
    for release in FOUNDATION:
        _helm_install(folder, one, charts.pop(release))
    with ThreadPoolExecutor(max_workers=len(charts)) as pool:
        # The list raises the error of any of them.
        list(pool.map(lambda chart: _helm_install(folder, one, chart), charts.values()))


def _finish(
    folder: Path, name: str, clusters: Mapping[str, Any], installed: Mapping[str, Future[None]]
) -> None:
    """Apply the rest, and wait for it."""
    one = clusters[name]
    installed[name].result()
    text = json.dumps(one["then"])
    for target, token in one["tokens"].items():
        installed[target].result()
        for placeholder, value in _known(target, clusters[target], token).items():
            text = text.replace(placeholder, value)
    _apply(folder / "then.json", one, text)
    if one["patches"]:
        # One manager that applies an object twice would take back what it said first.
        patches = json.dumps(one["patches"])
        _apply(folder / "patches.json", one, patches, "--field-manager=patches")
    for deployment in (each for each in one["then"] if each["kind"] == "Deployment"):
        metadata = deployment["metadata"]
        target = f"deployment/{metadata['name']}"
        _wait(one, metadata["namespace"], target, "condition=Available")
    for namespace, mirror in one["mirrors"]:
        _wait(one, namespace, f"endpoints/{mirror}", "create")
        _wait(one, namespace, f"endpoints/{mirror}", "jsonpath={.subsets[0].addresses[0].ip}")


def _known(name: str, target: Mapping[str, Any], token: str) -> dict[str, str]:
    """Read what the target has made, by placeholder; its gateway may still wait."""
    address, service = "{.status.loadBalancer.ingress[0].ip}", f"service/{GATEWAY}"
    _wait(target, MULTICLUSTER, service, f"jsonpath={address}")
    text = _get(target, f"secret/{token}", "{.data.token}")
    return {
        GATEWAY_OF.format(name): _get(target, service, address),
        TOKEN_OF.format(name): base64.b64decode(text).decode(),
    }


def _apply(file: Path, one: Mapping[str, Any], objects: str, *options: str) -> None:
    file.write_text(f'{{"apiVersion": "v1", "kind": "List", "items": {objects}}}')
    _kubectl(one, "apply", "--server-side", f"--filename={file}", *options)


def _wait(one: Mapping[str, Any], namespace: str, what: str, until: str) -> None:
    _kubectl(one, "wait", what, f"--namespace={namespace}", f"--for={until}", WAIT)


def _get(one: Mapping[str, Any], what: str, path: str) -> str:
    return _kubectl(one, "get", what, f"--namespace={MULTICLUSTER}", f"--output=jsonpath={path}")


def _kubectl(one: Mapping[str, Any], *argv: str) -> str:
    return _run("kubectl", *argv, f"--kubeconfig={one['kubeconfig']}")


def _helm_install(folder: Path, one: Mapping[str, Any], chart: Mapping[str, Any]) -> None:
    values = folder / f"{chart['release']}.json"
    values.write_text(json.dumps(chart["values"]))
    options = (f"--namespace={chart['namespace']}", f"--kubeconfig={one['kubeconfig']}")
    waits = ("--wait",) if chart["waits"] else ()
    command = ("helm", "install", chart["release"], chart["chart"], f"--values={values}")
    _run(*command, *options, *waits)


def _run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)} must succeed (ended with {done.returncode}):\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    content = Path(sys.argv[1])
    deploy(content.parent, json.loads(content.read_text()))
