"""Reads the kubeconfigs with which the next `up` reaches existing clusters."""

import os
from collections.abc import Mapping
from pathlib import Path

from linkmesh.environment import Plan
from linkmesh.stacks.settings import kubeconfig_variable
from linkmesh.stacks.stack_settings import KUBECONFIG, read_settings, settings_file

from ..runs.output import output_of


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
    """
    Read a kubeconfig as the stack does: its setting, else the file of a variable.

    A relative path is seen from the project's folder, in which programs run.
    """
    config = read_settings(settings_file(folder, stack)).get("config")
    if isinstance(config, Mapping) and KUBECONFIG in config:
        # Decrypted; it is never printed.
        get = ("pulumi", "config", "get", KUBECONFIG, "--stack", stack, "--non-interactive")
        return output_of(*get, folder=folder)
    path = os.environ.get(kubeconfig_variable(cluster))
    try:
        return (folder / path).read_text(encoding="utf-8") if path else None
    except (OSError, UnicodeDecodeError):
        return None
