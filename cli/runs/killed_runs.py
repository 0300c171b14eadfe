"""
Continues stacks whose last run was killed while it was creating something.

First a note lists what that was, in a file below the project's `.linkmesh/`. It is removed when all
of it is done, so a run that is killed while it continues a killed one is continued as well.
Decision: docs/decisions/0033-killed-runs.md
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from . import json_file, pending_creations
from .pending_creations import Resource, State

FOLDER = Path(".linkmesh", "killed")


class Continued(Protocol):
    """A stack that is continued."""

    def exported(self) -> dict[str, Any]:
        """Return its state."""

    def import_state(self, state: State) -> None:
        """Replace its state."""

    def read_resources(self, urns: Sequence[str]) -> None:
        """Read resources; what does not exist leaves the state."""

    def remove_resources(self, urns: Sequence[str]) -> None:
        """Remove resources, and them from the state."""


def _file(folder: Path, stack: str) -> Path:
    return folder / FOLDER / f"{stack}.json"


def note(folder: Path, stack: str, state: State) -> list[str]:
    """Note what a killed run was creating; return lines that say so."""
    pending = pending_creations.pending(state)
    if not pending:
        return []
    file = _file(folder, stack)
    urns = {*noted(folder, stack), *(str(each["urn"]) for each in pending)}
    json_file.write(file, sorted(urns))
    names = ", ".join(_name(each) for each in pending)
    return [
        f"{stack}: a killed run was creating {names}",
        *(_may_exist(stack, each) for each in pending_creations.on_aws(state)),
    ]


def noted(folder: Path, stack: str) -> set[str]:
    """Return the URNs of what a killed run was creating."""
    file = _file(folder, stack)
    return {*json.loads(file.read_text(encoding="utf-8"))} if file.exists() else set()


def continue_stack(folder: Path, name: str, stack: Continued) -> None:
    """Let a stack's state say what a killed run has created, and remove what is unfinished."""
    urns = noted(folder, name)
    if not urns:
        return
    state = stack.exported()
    if pending_creations.pending(state):
        stack.import_state(pending_creations.with_pending(state))
    stack.read_resources(pending_creations.readable(stack.exported(), urns))
    read = stack.exported()
    managed = pending_creations.with_field_managers(read, urns)
    if managed != read:
        stack.import_state(managed)
    stack.remove_resources(pending_creations.unfinished(managed, urns))
    _file(folder, name).unlink()


def _name(resource: Resource) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _may_exist(stack: str, resource: Resource) -> str:
    environment, _, _ = stack.partition(".")
    return (
        f"{stack}: if AWS has made {_name(resource)} ({resource['type']}), no state knows it, and "
        "this run may make a second one. To find it: aws resourcegroupstaggingapi get-resources "
        f"--region REGION --tag-filters Key=linkmesh:environment,Values={environment}"
    )
