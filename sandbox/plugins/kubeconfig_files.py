"""
The kubeconfig file that kind writes for a cluster: entries named as kind names them, mode 0600.

The genuine one merges them into a file that others have entries in, under a lock; here each cluster
has a file of its own, as the product gives it.
Source: kubernetes-sigs/kind, pkg/cluster/internal/kubeconfig/internal/kubeconfig
"""

from pathlib import Path

import yaml

from sandbox.plugins.contract import Refused

LISTS = ("clusters", "users", "contexts")


def named_as_kind_does(kubeconfig: str, cluster: str) -> str:
    """Rename the only cluster, user and context of a kubeconfig."""
    name = f"kind-{cluster}"
    config = yaml.safe_load(kubeconfig)
    config["clusters"][0]["name"] = name
    config["users"][0]["name"] = name
    config["contexts"][0] = {"name": name, "context": {"cluster": name, "user": name}}
    config["current-context"] = name
    return yaml.safe_dump(config)


def check_own(path: str, cluster: str) -> None:
    """Refuse a file in which there is something of others."""
    file = Path(path)
    config = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
    names = {each["name"] for key in LISTS for each in config.get(key) or []}
    if others := sorted(names - {f"kind-{cluster}"}):
        raise Refused(
            f"'kubeconfigPath' must be a file of the cluster's own in the sandbox (got {path}, "
            f"with {', '.join(others)}). It would be overwritten. Use: another path"
        )
