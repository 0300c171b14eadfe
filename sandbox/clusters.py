"""
Kubernetes clusters of the sandbox: genuine API servers, controllers and schedulers, with nodes that
KWOK plays.

A cluster is five plain processes below `clusters/<name>` of the sandbox's home. Several processes
can create clusters at the same time, since ports and addresses are reserved under a lock. What was
interrupted before is cleared away by the next create or delete. There is no container runtime: pods
become Running without running.
"""

import base64
import json
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from sandbox import kwok
from sandbox.cluster_folder import (
    TOKENS,
    administrator_token,
    is_made,
    kwok_folder,
    read_record,
    server_address,
)
from sandbox.cluster_processes import StartError, await_ready, ended_programs, kwokctl
from sandbox.files import write_atomically
from sandbox.home import TOOLCHAIN, Home, SandboxError, locked
from sandbox.processes import end_pids, free_ports, pids_working_in

NAME = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9._-]{0,126}[a-zA-Z0-9])?")

EGRESS = "egress.yaml"


@dataclass(frozen=True, kw_only=True)
class RunningCluster:
    """How to reach a cluster as its administrator."""

    name: str
    server: str
    """Address of the API server: https://127.0.0.1:PORT."""
    ca_pem: str
    client_certificate_pem: str
    client_key_pem: str = field(repr=False)
    token: str = field(repr=False)
    """Bearer token of the administrator, as a cloud's login would give one."""

    def kubeconfig(self, entry: str) -> str:
        """Write YAML for the administrator with everything embedded; `entry` names its parts."""
        authority, own, secret = (
            base64.b64encode(each.encode()).decode()
            for each in (self.ca_pem, self.client_certificate_pem, self.client_key_pem)
        )
        cluster = {"server": self.server, "certificate-authority-data": authority}
        user = {"client-certificate-data": own, "client-key-data": secret}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": entry,
            "contexts": [{"name": entry, "context": {"cluster": entry, "user": entry}}],
            "clusters": [{"name": entry, "cluster": cluster}],
            "users": [{"name": entry, "user": user}],
        }
        return yaml.safe_dump(document, sort_keys=False)


def create_cluster(
    home: Home,
    name: str,
    *,
    kubernetes_version: str | None = None,
    server_names: Sequence[str] = (),
    reaches_pods: bool = False,
) -> RunningCluster:
    """
    Create a cluster without nodes, and return when its API answers and pods could be created.

    `server_names` are more names that the API server's certificate holds; `reaches_pods` says that
    something answers at the addresses of pods, as in a network namespace of a test.
    """
    _check_name(name)
    _check_version(kubernetes_version)
    with locked(home, f"cluster-{name}"):
        if is_made(home, name):
            raise SandboxError(
                f"cluster {name!r} must be new (it exists already). Two clusters of one name would "
                "share their objects. Delete it first, or choose another name."
            )
        for attempt in (1, 2):
            _remove(home, name)
            try:
                _create(home, name, server_names, reaches_pods)
                break
            except StartError:
                # Between choosing a port and listening on it somebody else may have taken it.
                if attempt == 2:
                    raise
            finally:
                if not is_made(home, name):
                    # The folder stays, with the logs.
                    end_pids(pids_working_in(home.cluster(name), TOOLCHAIN), patience_seconds=0)
    return _running_cluster(home, name)


def read_cluster(home: Home, name: str) -> RunningCluster | None:
    """Tell how to reach a cluster; None if there is none, or its creation never came to an end."""
    return _running_cluster(home, name) if is_made(home, name) else None


def delete_cluster(home: Home, name: str) -> None:
    """End every process of a cluster and delete it, also one whose creation was interrupted."""
    _check_name(name)
    with locked(home, f"cluster-{name}"):
        _remove(home, name)


def is_running(home: Home, name: str) -> bool:
    """Tell whether all processes of a cluster run."""
    return not ended_programs(home, name)


def restart_cluster(home: Home, name: str) -> None:
    """Start again what a cluster lacks, with its objects, ports and keys as they were."""
    with locked(home, f"cluster-{name}"):
        if not is_made(home, name):
            raise SandboxError(
                f"cluster {name!r} must exist (it does not). Nothing can be restarted."
            )
        if not is_running(home, name):
            end_pids(pids_working_in(home.cluster(name), TOOLCHAIN))
            await_ready(home, name)


def _create(home: Home, name: str, server_names: Sequence[str], reaches_pods: bool) -> None:
    """Reserve, configure and start; leaves a record that says ready."""
    folder = home.cluster(name)
    # kwokctl leaves the certificate authority's key readable by everybody.
    folder.mkdir(parents=True, mode=0o700)
    with locked(home, "clusters"):
        record = _reserve(home, name, server_names)
    tokens, egress = folder / TOKENS, folder / EGRESS
    write_atomically(egress, kwok.egress_file(reaches_pods=reaches_pods))
    write_atomically(tokens, kwok.tokens_file(secrets.token_urlsafe(32)), mode=0o600)
    configuration = kwok.kwokctl_configuration(
        programs=TOOLCHAIN / "bin",
        built_in_stages=TOOLCHAIN / "stages",
        ports=record["ports"],
        load_balancer_address=record["load_balancer_address"],
        tokens=tokens,
        egress=egress,
        server_names=server_names,
    )
    write_atomically(folder / "kwokctl.yaml", configuration)
    kwokctl(home, name, "create", "cluster", "--config", str(folder / "kwokctl.yaml"))
    await_ready(home, name)
    kubeconfig = _running_cluster(home, name).kubeconfig(name)
    write_atomically(folder / "kubeconfig", kubeconfig, mode=0o600)
    write_atomically(folder / "cluster.json", json.dumps({**record, "ready": True}))


def _reserve(home: Home, name: str, server_names: Sequence[str]) -> dict[str, Any]:
    """Choose ports and address that no other cluster of this home has, and write them down."""
    others = [read_record(home, file.parent.name) for file in home.clusters.glob("*/cluster.json")]
    ports_taken = [port for other in others for port in other.get("ports", {}).values()]
    addresses_taken = {other.get("load_balancer_address") for other in others}
    free = [one for one in kwok.load_balancer_addresses() if one not in addresses_taken]
    if not free:
        raise SandboxError(
            f"a sandbox must have at most {len(others)} clusters (got one more). Each has an "
            "address of a documentation range, and there are no more of those. Delete clusters "
            "that nobody uses."
        )
    ports = free_ports(len(kwok.PORTS), taken=ports_taken)
    record = {
        "kubernetes_version": kwok.KUBERNETES_VERSION,
        "ports": dict(zip(kwok.PORTS, ports, strict=True)),
        "load_balancer_address": free[0],
        "number": kwok.load_balancer_addresses().index(free[0]),
        "server_names": [*server_names],
        "ready": False,
    }
    write_atomically(home.cluster(name) / "cluster.json", json.dumps(record))
    return record


def _remove(home: Home, name: str) -> None:
    folder = home.cluster(name)
    # Twice: kwokctl may have started one more program while it was being ended. And not politely,
    # since what they would still write is deleted next.
    for _ in range(2):
        end_pids(pids_working_in(folder, TOOLCHAIN), patience_seconds=0)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        shutil.rmtree(folder)


def _running_cluster(home: Home, name: str) -> RunningCluster:
    server, keys = server_address(home, name), kwok_folder(home, name) / "pki"
    ca_pem, certificate, key = (
        (keys / file).read_text() for file in ("ca.crt", "admin.crt", "admin.key")
    )
    return RunningCluster(
        name=name,
        server=server,
        ca_pem=ca_pem,
        client_certificate_pem=certificate,
        client_key_pem=key,
        token=administrator_token(home, name),
    )


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise SandboxError(
            "a cluster's name must be at most 128 letters, digits, '.', '_' or '-', and begin and "
            f"end with a letter or digit (got {name!r}). It becomes a folder. Choose another name."
        )


def _check_version(version: str | None) -> None:
    offered = kwok.KUBERNETES_VERSION
    minor = offered.rpartition(".")[0]
    if version is not None and not f"v{version.removeprefix('v')}.".startswith(f"{minor}."):
        raise SandboxError(
            f"the Kubernetes version must be {minor.removeprefix('v')} in the sandbox (got "
            f"{version!r}). Its API servers are one build, {offered}. Ask for that, or change "
            "sandbox/toolchain/kubernetes/go.mod."
        )
