"""Reads the kubeconfigs with which the next `up` reaches existing clusters."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from linkmesh.environment import Plan
from linkmesh.stacks.settings import KUBECONFIG, kubeconfig_variable

# Enough for `pulumi` to start on a busy machine and decrypt one setting.
TIMEOUT_SECONDS = 15


def next_kubeconfigs(name: str, plan: Plan, folder: Path) -> dict[str, str]:
    """
    Return the kubeconfigs of an environment's existing clusters; those that can be read.

    Why one cannot be read is reported by the stack that needs it, and by `mesh doctor`.
    """
    found = {
        cluster: _kubeconfig(f"{name}.{cluster}", cluster, folder) for cluster in plan.existing
    }
    return {cluster: text for cluster, text in found.items() if text}


def _kubeconfig(stack: str, cluster: str, folder: Path) -> str | None:
    """Read a kubeconfig as the stack does: its setting, else the file of a variable."""
    if KUBECONFIG in _settings(folder / f"Pulumi.{stack}.yaml"):
        return _setting(stack, folder)
    path = os.environ.get(kubeconfig_variable(cluster))
    try:
        return Path(path).read_text(encoding="utf-8") if path else None
    except (OSError, UnicodeDecodeError):
        return None


def _settings(file: Path) -> Mapping[str, Any]:
    try:
        read: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    config = read.get("config") if isinstance(read, dict) else None
    return config if isinstance(config, dict) else {}


def _setting(stack: str, folder: Path) -> str | None:
    """Decrypt the setting; it is never printed."""
    try:
        done = subprocess.run(
            ["pulumi", "config", "get", KUBECONFIG, "--stack", stack, "--non-interactive"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
