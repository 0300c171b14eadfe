"""
Kubeconfig files as kind keeps them: one entry a cluster, among others of the user's.

A file is locked by a second file `<path>.lock` that must not exist, without waiting, so two
clusters that are made at once need different files, and the folder must be writable.
Source: kubernetes-sigs/kind, pkg/cluster/internal/kubeconfig/internal/kubeconfig
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.plugins.contract import Failed

LISTS = ("clusters", "users", "contexts")


def entry_name(cluster: str) -> str:
    """Name a cluster's entries as kind does."""
    return f"kind-{cluster}"


def named_as_kind_does(kubeconfig: str, cluster: str) -> str:
    """Rename the only cluster, user and context of a kubeconfig."""
    name = entry_name(cluster)
    config = yaml.safe_load(kubeconfig)
    config["clusters"][0]["name"] = name
    config["users"][0]["name"] = name
    config["contexts"][0] = {"name": name, "context": {"cluster": name, "user": name}}
    config["current-context"] = name
    return yaml.safe_dump(config)


def merge_into(path: str, kubeconfig: str) -> None:
    """Write the entries into a file and make them current."""
    new = yaml.safe_load(kubeconfig)
    with _locked(path):
        config = _read(path) or {"apiVersion": "v1", "kind": "Config"}
        for key in LISTS:
            others = [each for each in config.get(key) or [] if each["name"] != new[key][0]["name"]]
            config[key] = [*others, new[key][0]]
        config["current-context"] = new["current-context"]
        _write(path, config)


def remove_from(path: str, cluster: str) -> None:
    """Take the entries out of a file again."""
    name = entry_name(cluster)
    with _locked(path):
        config = _read(path)
        if not any(each["name"] == name for key in LISTS for each in config.get(key) or []):
            return
        for key in LISTS:
            config[key] = [each for each in config.get(key) or [] if each["name"] != name]
        if config.get("current-context") == name:
            config["current-context"] = ""
        _write(path, config)


@contextmanager
def _locked(path: str) -> Iterator[None]:
    lock = Path(f"{path}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Failed(f"failed to lock config file: open {lock}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _read(path: str) -> dict[str, Any]:
    try:
        return dict(yaml.safe_load(Path(path).read_text()) or {})
    except FileNotFoundError:
        return {}


def _write(path: str, config: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        yaml.safe_dump(config, file)
