"""
What `mesh up` takes beyond kubectl and Helm, which deploy the same on clusters of the same kind.

The clusters are those of `demo`, made by the sandbox before each run; neither side makes clusters.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.bench import budgets, telling
from sandbox.bench.deployment import deployment, plan
from sandbox.bench.program import EXISTING, demo_on_existing
from sandbox.bench.session import MESH, NONE, Bench, say, tell
from sandbox.bench.watching import CommandFailedError, Cost
from sandbox.clusters import create_cluster, delete_cluster, read_cluster
from sandbox.home import PROJECT
from sandbox.nodes import Node, add_nodes

# The service that is exported later runs on the target, beside others in this namespace.
SOURCE, TARGET = EXISTING[:2]
NAMESPACE, WORKLOAD = "yelb", "redis-server"
BY_MESH, BY_LABEL = "by-mesh", "by-label"

MIRRORS = "mirror.linkerd.io/mirrored-service=true"
EXPORTED = "mirror.linkerd.io/exported=true"


def overhead(one: Bench) -> None:
    """Deploy and export with `mesh`, then with kubectl and Helm, and tell the ratios."""
    ups: list[Cost] = []
    baselines: list[Cost] = []
    exports: list[Cost] = []
    labels: list[Cost] = []
    for run in range(one.runs):
        name = demo_on_existing(one.project, run)
        with _clusters(one) as variables:
            ups.append(one.mesh("up", name, variables))
            states, mirrors = _states(one, name), _mirrors(one)
            exports.append(_exported(one, run, variables))
            labels.append(_labelled(one))
        with _clusters(one):
            baselines.append(_baseline(one, run, states, mirrors))
    say(telling.line("up on existing clusters", ups))
    tell(telling.shares(ups[-1]))
    say(telling.line("the same by kubectl and Helm", baselines))
    tell(telling.shares(baselines[-1]))
    say(telling.ratio(ups, baselines, budgets.UP_TO_BASELINE))
    say(telling.line("one export more, until it is mirrored", exports))
    tell(telling.shares(exports[-1]))
    say(telling.line("the same by kubectl label", labels))
    say(telling.ratio(exports, labels, budgets.EXPORT_TO_BASELINE))


@contextmanager
def _clusters(one: Bench) -> Iterator[dict[str, str]]:
    """Make the clusters, without Linkerd, and delete them; gives the variables that name them."""

    def create(name: str) -> None:
        create_cluster(one.home, name)
        add_nodes(one.home, name, [Node(name=f"{name}-{number}") for number in range(3)])

    with ThreadPoolExecutor(max_workers=len(EXISTING)) as pool:
        list(pool.map(create, EXISTING))
    try:
        yield {
            f"LINKMESH_KUBECONFIG_{name.upper()}": str(_kubeconfig(one, name)) for name in EXISTING
        }
    finally:
        for name in EXISTING:
            delete_cluster(one.home, name)


def _states(one: Bench, name: str) -> dict[str, list[dict[str, Any]]]:
    """Read what `mesh up` made, by cluster."""
    kinds = ("", "links.", "apps.", "routes.")
    return {
        cluster: [_state(one, f"{name}.{kind}{cluster}") for kind in kinds] for cluster in EXISTING
    }


def _state(one: Bench, stack: str) -> dict[str, Any]:
    if not one.has_stack(stack):
        return {"deployment": {}}
    command = ("pulumi", "stack", "export", "--show-secrets", "--stack", stack)
    return dict(json.loads(_output(one, *command)))


def _mirrors(one: Bench) -> dict[str, list[tuple[str, str]]]:
    """Find the mirrors that Linkerd made, by cluster."""
    return {
        name: [
            (each["metadata"]["namespace"], each["metadata"]["name"])
            for each in json.loads(
                _kubectl(one, name, "get", "services", "-A", "-l", MIRRORS, "-o", "json")
            )["items"]
        ]
        for name in EXISTING
    }


def _exported(one: Bench, run: int, variables: Mapping[str, str]) -> Cost:
    """Export a service by the description."""
    _expose(one, BY_MESH)
    name = demo_on_existing(one.project, run, more=BY_MESH)
    return _until_visible(one, BY_MESH, *MESH, "up", name, variables=variables)


def _labelled(one: Bench) -> Cost:
    """Export a service by its label."""
    _expose(one, BY_LABEL)
    kubeconfig = f"--kubeconfig={_kubeconfig(one, TARGET)}"
    command = ("kubectl", "label", f"--namespace={NAMESPACE}", "service", BY_LABEL, EXPORTED)
    return _until_visible(one, BY_LABEL, *command, kubeconfig)


def _expose(one: Bench, service: str) -> None:
    within = ("-n", NAMESPACE)
    _kubectl(one, TARGET, *within, "expose", "deployment", WORKLOAD, f"--name={service}")


def _until_visible(
    one: Bench, service: str, *argv: str, variables: Mapping[str, str] = NONE
) -> Cost:
    """Run a command, and take as its wall time that until the source has the mirror."""
    mirror = ("service", f"{service}-{TARGET}", f"--namespace={NAMESPACE}")
    kubeconfig = f"--kubeconfig={_kubeconfig(one, SOURCE)}"
    wait = ("kubectl", "wait", *mirror, kubeconfig, "--for=create", "--timeout=300s")
    begin = time.monotonic()
    with (
        subprocess.Popen(wait, env=one.variables(), stdout=subprocess.DEVNULL) as waiting,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        end = pool.submit(_ended, waiting)
        try:
            cost = one.cost(*argv, variables=variables)
        except CommandFailedError:
            waiting.kill()
            raise
    return replace(cost, seconds=end.result() - begin)


def _ended(process: subprocess.Popen[bytes]) -> float:
    """Return when a process ended that must succeed."""
    if process.wait() != 0:
        raise CommandFailedError([str(process.args)], process.returncode, "see above")
    return time.monotonic()


def _baseline(
    one: Bench,
    run: int,
    states: Mapping[str, list[dict[str, Any]]],
    mirrors: Mapping[str, list[tuple[str, str]]],
) -> Cost:
    """Deploy the same on new clusters."""
    servers = {name: _server(one, name) for name in EXISTING}
    deployments = {name: deployment(states[name], servers) for name in EXISTING}
    folder = one.home.root / f"baseline-{run}"
    folder.mkdir()
    file = folder / "plan.json"
    file.write_text(json.dumps(plan(deployments, servers, mirrors)))
    return one.cost("python", "-m", "sandbox.bench.baseline", str(file), folder=PROJECT)


def _server(one: Bench, name: str) -> dict[str, str]:
    running = read_cluster(one.home, name)
    assert running is not None
    return {
        "server": running.server,
        "authority": base64.b64encode(running.ca_pem.encode()).decode(),
        "kubeconfig": str(_kubeconfig(one, name)),
    }


def _kubeconfig(one: Bench, name: str) -> Path:
    return one.home.cluster(name) / "kubeconfig"


def _kubectl(one: Bench, cluster: str, *argv: str) -> str:
    return _output(one, "kubectl", f"--kubeconfig={_kubeconfig(one, cluster)}", *argv)


def _output(one: Bench, *argv: str) -> str:
    """Run a command that is not measured."""
    return subprocess.run(
        argv, cwd=one.project, env=one.variables(), capture_output=True, text=True, check=True
    ).stdout
