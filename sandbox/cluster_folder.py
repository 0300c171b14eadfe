"""
What is on disk of one cluster: its record, its keys, its API's address.

`cluster.json` is written under a lock before anything starts and reserves ports and load-balancer
address; `ready` in it says that creation came to its end.
"""

import json
from pathlib import Path
from typing import Any

from sandbox.home import Home, SandboxError
from sandbox.kubernetes_api import KubernetesApi

# kwokctl's own name of the one cluster in its work folder; ours is the folder's.
KWOKCTL_NAME = "cluster"

TOKENS = "tokens.csv"


def cluster_names(home: Home) -> list[str]:
    """Name the clusters whose creation came to its end."""
    folders = sorted(home.clusters.glob("*/cluster.json"))
    return [file.parent.name for file in folders if is_made(home, file.parent.name)]


def is_made(home: Home, name: str) -> bool:
    """Tell whether there is a cluster whose creation came to its end."""
    return bool(read_record(home, name).get("ready"))


def cluster_api(home: Home, name: str) -> KubernetesApi:
    keys = kwok_folder(home, name) / "pki"
    if not (keys / "admin.key").exists():
        raise SandboxError(
            f"cluster {name!r} must exist (it does not). There is no API server to talk to. "
            f"Clusters here: {', '.join(cluster_names(home)) or 'none'}."
        )
    return KubernetesApi(
        server=server_address(home, name),
        authority=keys / "ca.crt",
        certificate=keys / "admin.crt",
        key=keys / "admin.key",
    )


def server_address(home: Home, name: str) -> str:
    return f"https://127.0.0.1:{read_record(home, name)['ports']['kubeApiserverPort']}"


def read_record(home: Home, name: str) -> dict[str, Any]:
    try:
        record = json.loads((home.cluster(name) / "cluster.json").read_text())
    except FileNotFoundError:
        return {}
    return dict(record)


def administrator_token(home: Home, name: str) -> str:
    """Give the administrator's token of a cluster that is made."""
    return (home.cluster(name) / TOKENS).read_text().partition(",")[0]


def kwok_folder(home: Home, name: str) -> Path:
    return home.cluster(name) / "kwok" / "clusters" / KWOKCTL_NAME
