"""The Pulumi project of a folder: its stacks, their outputs, and their states."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkmesh.environment import Plan

from ..errors import StackMissingError
from .logs import store
from .preloading import preloaded
from .pulumi_command import pulumi
from .reads import Reads
from .states import export_state, import_state

if TYPE_CHECKING:  # it loads Pulumi's SDK
    from .workspace import Stack, Workspace


@dataclass(frozen=True)
class Project:
    """The Pulumi project in a folder, and its stacks."""

    folder: Path
    """The folder, with its Pulumi.yaml."""

    plan: Plan | None = None
    """The environment whose programs run; None if none does."""

    @classmethod
    def open(cls, folder: Path, plan: Plan | None = None) -> "Project":
        """Open the project of a folder; with the environment whose programs run, if any do."""
        return cls(folder, plan)

    @cached_property
    def workspace(self) -> "Workspace":
        """
        The workspace of the Automation API, for commands that run programs or change settings.

        New stacks get the secrets provider of LINKMESH_SECRETS_PROVIDER, e.g. a key of KMS; without
        it, a passphrase.
        """
        from .workspace import Workspace

        return Workspace(
            self.folder,
            preloaded(self.plan),
            secrets_provider=os.environ.get("LINKMESH_SECRETS_PROVIDER"),
        )

    @property
    def name(self) -> str:
        """Name of the project, which is a part of every URN."""
        return self.workspace.project_settings().name

    def engine(self) -> str:
        """Version of `pulumi`, for which the Automation API has asked."""
        version = self.workspace.pulumi_command.version
        return str(version) if version else self._pulumi("version").strip()

    def existing(self) -> set[str]:
        """Names of the stacks that the backend knows."""
        return {stack["name"] for stack in json.loads(self._pulumi("stack", "ls", "--json"))}

    def stacks(self, name: str, parts: list[str], *, create: bool) -> "dict[str, Stack]":
        """Open the stacks of an environment, by part; create missing ones if `create`."""
        from .workspace import Stack

        existing = self.reads.existing()
        missing = [part for part in parts if f"{name}.{part}" not in existing]
        if create and missing:
            # Their programs run next; until then Pulumi's SDKs are imported.
            self.workspace.programs.start()
            self.reads.forget_existing()
            self.workspace.create_stacks([f"{name}.{part}" for part in missing])
        return {
            part: Stack(f"{name}.{part}", self.workspace)
            for part in parts
            if create or part not in missing
        }

    @cached_property
    def reads(self) -> Reads:
        """What is read of stacks once, until a run of this command writes them."""
        return Reads(self)

    def remove_stack(self, stack: str) -> None:
        """Remove a stack without resources, and its settings."""
        self.reads.forget(stack)
        self.reads.forget_existing()
        self.workspace.remove_stack(stack)

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs, secrets included; empty if there is no such stack."""
        command = ("stack", "output", "--json", "--show-secrets", "--stack", stack)
        try:
            printed = self._pulumi(*command)
        except StackMissingError:
            return {}
        return dict(json.loads(printed))

    def exported(self, stack: str) -> dict[str, Any]:
        """Read a stack's state, in which secrets are encrypted."""
        return export_state(self.folder, stack)

    def import_state(self, stack: str, state: Mapping[str, Any]) -> None:
        """Replace a stack's state; secrets in it are encrypted."""
        self.reads.forget(stack)
        import_state(self.folder, stack, state)

    def store_log(self, stack: str, error: BaseException) -> Path:
        """Store everything that is known of a failure; return the file."""
        return store(self.folder, stack, str(error))

    def import_resources(self, stack: str, file: Path) -> None:
        """Take existing resources of a cloud over into a stack, as `pulumi import` describes."""
        self.reads.forget(stack)
        options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
        self._pulumi("import", "--stack", stack, "--file", str(file), *options)

    def _pulumi(self, *arguments: str) -> str:
        return pulumi(self.folder, *arguments)
