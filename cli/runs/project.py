"""The Pulumi project of a folder: its stacks, their outputs, and their states."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation

from .logs import store
from .workspace import Stack, Workspace

# Creating a stack, or reading its outputs, starts `pulumi`, which uses about one processor.
PULUMI_IN_PARALLEL = 4


@dataclass(frozen=True)
class Project:
    """The Pulumi project in a folder, and its stacks."""

    workspace: Workspace

    @classmethod
    def open(cls, folder: Path) -> "Project":
        """
        Open the project of a folder.

        New stacks get the secrets provider of LINKMESH_SECRETS_PROVIDER, e.g. a key of KMS; without
        it, a passphrase.
        """
        secrets = os.environ.get("LINKMESH_SECRETS_PROVIDER")
        return cls(Workspace(folder, secrets_provider=secrets))

    @property
    def name(self) -> str:
        """Name of the project, which is a part of every URN."""
        return self.workspace.project_settings().name

    def existing(self) -> set[str]:
        """Names of the stacks that the backend knows."""
        return {stack.name for stack in self.workspace.list_stacks()}

    def stacks(self, name: str, parts: list[str], *, create: bool) -> dict[str, Stack]:
        """Open the stacks of an environment, by part; create missing ones if `create`."""
        if create:
            # Their programs run next; until then Pulumi's SDKs are imported.
            self.workspace.programs.start()
        existing = self.existing()
        missing = [part for part in parts if f"{name}.{part}" not in existing]
        if create:
            self._create([f"{name}.{part}" for part in missing])
        return {
            part: Stack(f"{name}.{part}", self.workspace)
            for part in parts
            if create or part not in missing
        }

    def _create(self, stacks: list[str]) -> None:
        """Create stacks; the first decides which salt the others have."""
        for first in stacks[:1]:
            self.workspace.create_stack(first)
        with ThreadPoolExecutor(max_workers=PULUMI_IN_PARALLEL) as pool:
            # The list raises the error of any of them.
            list(pool.map(self.workspace.create_stack, stacks[1:]))

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs, secrets included; empty if there is no such stack."""
        try:
            outputs = self.workspace.stack_outputs(stack)
        except automation.StackNotFoundError:
            return {}
        return {key: output.value for key, output in outputs.items()}

    def plain_outputs(self, stack: str) -> dict[str, Any]:
        """
        Read a stack's outputs, of secret ones only a mark; empty if there is no such stack.

        With a passphrase it takes half as long, since no key is derived.
        """
        try:
            done = self._pulumi("stack", "output", "--json", "--stack", stack)
        except automation.StackNotFoundError:
            return {}
        return dict(json.loads(done.stdout))

    def exported(self, stack: str) -> dict[str, Any]:
        """Read a stack's state, in which secrets are encrypted."""
        done = self._pulumi("stack", "export", "--stack", stack)
        return dict(json.loads(done.stdout))

    def import_state(self, stack: str, file: Path) -> None:
        """Replace a stack's state."""
        self._pulumi("stack", "import", "--stack", stack, "--file", str(file))

    def store_log(self, stack: str, error: BaseException) -> Path:
        """Store everything that is known of a failure; return the file."""
        return store(Path(self.workspace.work_dir), stack, str(error))

    def import_resources(self, stack: str, file: Path) -> None:
        """Take existing resources of a cloud over into a stack, as `pulumi import` describes."""
        options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
        self._pulumi("import", "--stack", stack, "--file", str(file), *options)

    def _pulumi(self, *arguments: str) -> automation.CommandResult:
        workspace = self.workspace
        return workspace.pulumi_command.run(
            [*arguments], workspace.work_dir, dict(workspace.env_vars)
        )
