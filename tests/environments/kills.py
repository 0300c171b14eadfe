"""
Kills `mesh` at a moment of its work, and reads what it has made until then.

A moment is a number of resources in the state of an environment's stacks, so that it is the same on
a slow machine. The engine writes the state after each resource, unlike in other tests.
"""

import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from tests.environments.conftest import (
    LIMIT_SECONDS,
    MIRRORS_SECONDS,
    Sandbox,
    eventually,
)

# Mirrors take longer on a machine that is busy.
WAITING = {"up": ("--wait", str(MIRRORS_SECONDS))}

# A run that has come to its moment is killed at most this much later.
LATER_SECONDS = 1.5

# Programs of a cluster, which the imitated kind provider starts; with genuine kind, Docker does.
CLUSTER_PROGRAMS = ("etcd", "kube-", "kwok")

# Pulumi's mark of a secret, in a state.
SECRET = "4dabf18193072939515e22adb298388d"

# Ports of API servers, UIDs, and what marks credentials.
RANDOM = re.compile(
    r"(?<=127\.0\.0\.1:)\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?<=linkmesh\.io/credentials-)[0-9a-f]{12}"
)

# What is on a cluster and is made by somebody else than its controllers, which name it at random.
KINDS = (
    *("namespaces", "services", "secrets", "configmaps", "serviceaccounts", "roles"),
    *("rolebindings", "clusterroles", "clusterrolebindings", "deployments", "daemonsets"),
    *("cronjobs", "customresourcedefinitions", "mutatingwebhookconfigurations"),
    *("validatingwebhookconfigurations", "apiservices", "links.multicluster.linkerd.io"),
    *("httproutes.gateway.networking.k8s.io",),
)


class Killed(Enum):
    """What gets the signal."""

    MESH = "mesh alone"
    GROUP = "its process group"
    ALL = "all that it started"


def resources(sandbox: Sandbox, name: str) -> int:
    """Count the resources in the state of an environment's stacks; also while it is written."""
    return sum(_text(file).count('"urn":') for file in states(sandbox, name))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:  # of a stack that was removed just now
        return ""


def states(sandbox: Sandbox, name: str) -> list[Path]:
    """List the files with the state of an environment's stacks."""
    return sorted((sandbox.home.state / ".pulumi" / "stacks").glob(f"*/{name}.*.json"))


def killed(
    sandbox: Sandbox, argv: list[str], chance: random.Random, after: int, what: Killed
) -> bool:
    """
    Start `mesh`, and kill it once the state has gained or lost resources, or a little later.

    Args:
        after: how many resources.
        what: what gets the signal.

    Returns: whether it was killed before its end.
    """
    name = argv[1]
    before = resources(sandbox, name)
    with sandbox.home.log("killed").open("a", encoding="utf-8") as log:
        running = subprocess.Popen(
            ["python", "-u", "-m", "linkmesh.cli", *argv, *WAITING.get(argv[0], ())],
            cwd=sandbox.project,
            env=sandbox.variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            eventually(
                lambda: (
                    running.poll() is not None or abs(resources(sandbox, name) - before) >= after
                ),
                seconds=LIMIT_SECONDS,
            )
            running.wait(chance.uniform(0, LATER_SECONDS))
        except subprocess.TimeoutExpired:
            _kill(running.pid, what)
            running.wait()
            return True
        assert running.returncode == 0, sandbox.home.log("killed").read_text()
    return False


def _kill(pid: int, what: Killed) -> None:
    if what is Killed.MESH:
        os.kill(pid, signal.SIGKILL)
        return
    started = [*_started_by(pid)] if what is Killed.ALL else []
    os.killpg(pid, signal.SIGKILL)
    for each in started:
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _started_by(pid: int) -> Iterator[int]:
    """List what a process has started, and that, and so on, without the programs of clusters."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            program = (stat.parent / "exe").readlink()
        except OSError:
            continue
        if not program.name.startswith(CLUSTER_PROGRAMS):
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    while found:
        below = children.get(found.pop(), [])
        yield from below
        found += below


def deployed(sandbox: Sandbox, name: str) -> dict[str, Any]:
    """Return what is in the state of an environment's stacks, by URN, without what is random."""
    found: dict[str, Any] = {}
    for file in states(sandbox, name):
        state = sandbox.exported(file.stem)["deployment"]
        assert state.get("pending_operations", []) == [], file.stem
        for each in state["resources"]:
            assert each["urn"] not in found, f"{each['urn']} is there twice"
            assert not each.get("delete"), each["urn"]
            found[each["urn"]] = (
                each.get("parent", ""),
                sorted(each.get("dependencies", [])),
                _steady(each.get("inputs", {})),
            )
    return found


def _steady(value: Any) -> Any:
    """Leave out of a value what differs from run to run: secrets, certificates, ports, ids."""
    if isinstance(value, dict):
        if SECRET in value:
            return "a secret"
        return {key: _steady(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_steady(item) for item in value]
    if isinstance(value, str):
        if "-----BEGIN" in value:
            return "a certificate"
        return RANDOM.sub("X", value)
    return value


def objects(sandbox: Sandbox, cluster: str) -> set[str]:
    """Name every object on a cluster; a Helm release by its name and its state."""
    found = set()
    for each in sandbox.objects(cluster, ",".join(KINDS), "-A"):
        metadata = each["metadata"]
        name, labels = metadata["name"], metadata.get("labels", {})
        if labels.get("owner") == "helm":
            name = f"{labels['name']} {labels['status']}"
        found.add(f"{each['kind']}/{metadata.get('namespace', '')}/{name}")
    # An earlier revision of a release that the killed run had made.
    return {each for each in found if not each.endswith(" superseded")}
