"""
The Pulumi workspace of a run: it creates stacks in parallel, selects none, and runs programs.

The selected stack is stored in one file, which parallel runs would overwrite, and selecting one
starts `pulumi`, a second for each stack. All commands here name their stack instead, so the user's
selection stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pulumi import automation

# The Automation API names it in no public module.
from pulumi.automation._stack import StackInitMode

from .killed_runs import continue_stack
from .preloading import SERVING
from .programs import Programs
from .pulumi_command import PULUMI_IN_PARALLEL
from .salts import BY_PASSPHRASE, give_salt
from .states import export_state, import_state


class Workspace(automation.LocalWorkspace):
    """A workspace in which no stack is ever selected."""

    def __init__(self, folder: Path, preloaded: Sequence[str] = SERVING, **options: Any) -> None:
        super().__init__(work_dir=str(folder), **options)
        self.programs = Programs(folder, preloaded)
        self.addresses: dict[str, str] = {}
        """Where the engine finds the programs that run, by stack."""

    def create_stack(self, stack_name: str) -> None:
        """Create a stack, with the salt of its environment's other stacks if they have one."""
        if self.secrets_provider in BY_PASSPHRASE:
            give_salt(Path(self.work_dir), stack_name)
        secrets = ["--secrets-provider", self.secrets_provider] if self.secrets_provider else []
        self.pulumi_command.run(
            ["stack", "init", stack_name, "--no-select", *secrets], self.work_dir, self.env_vars
        )

    def create_stacks(self, stack_names: Sequence[str]) -> None:
        """Create stacks; the first decides which salt the others have."""
        for first in stack_names[:1]:
            self.create_stack(first)
        with ThreadPoolExecutor(max_workers=PULUMI_IN_PARALLEL) as pool:
            # The list raises the error of any of them.
            list(pool.map(self.create_stack, stack_names[1:]))

    def select_stack(self, stack_name: str) -> None:
        """Do nothing: only stacks that the backend has listed are opened."""

    def serialize_args_for_op(self, stack_name: str) -> list[str]:
        """Tell each command of a stack where its program is, if one runs."""
        address = self.addresses.get(stack_name)
        return [f"--client={address}"] if address else []


class Stack(automation.Stack):
    """
    A stack whose operations start `pulumi` once.

    The Automation API starts it three more times after each, to read outputs and history: half a
    second of processor time each. The results are in the engine's events already.
    """

    def __init__(self, name: str, workspace: Workspace) -> None:
        super().__init__(name, workspace, StackInitMode.SELECT)
        self._opened = workspace

    def preview(self, *arguments: Any, **options: Any) -> automation.PreviewResult:
        """Preview the stack, with its program."""
        with self._program():
            return super().preview(*arguments, **options)

    def up(self, *arguments: Any, **options: Any) -> automation.UpResult:
        """Deploy the stack, with its program, after what a killed run has left."""
        with self._program():
            self._continue()
            return super().up(*arguments, **options)

    def destroy(self, *arguments: Any, **options: Any) -> automation.DestroyResult:
        """
        Destroy the stack.

        Its program does not run, but the engine asks for one. For that it starts a language host,
        which lists all of Python's packages: a second for each stack.
        """
        with self._program():
            self._continue()
            return super().destroy(*arguments, **options)

    def _continue(self) -> None:
        continue_stack(Path(self._opened.work_dir), self.name, self)

    def exported(self) -> dict[str, Any]:
        """Return its state, in which secrets are encrypted."""
        return export_state(Path(self._opened.work_dir), self.name)

    def import_state(self, state: Mapping[str, Any]) -> None:
        """Replace its state."""
        import_state(Path(self._opened.work_dir), self.name, state)

    def read_resources(self, urns: Sequence[str]) -> None:
        """Read resources; what does not exist leaves the state."""
        if urns:
            self.refresh(target=[*urns], color="never")

    def remove_resources(self, urns: Sequence[str]) -> None:
        """Remove resources, and them from the state."""
        if urns:
            super().destroy(target=[*urns], color="never")

    @contextmanager
    def _program(self) -> Iterator[None]:
        with self._opened.programs.serve() as address:
            self._opened.addresses[self.name] = address
            try:
                yield
            finally:
                del self._opened.addresses[self.name]

    def outputs(self) -> automation.OutputMap:
        """Return nothing: `Project.outputs` reads them where they are needed."""
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        """Return a summary without changes, which the caller takes from the events."""
        return automation.UpdateSummary(
            kind="", start_time=datetime.now(UTC), message="", environment={}, config={}, result=""
        )
