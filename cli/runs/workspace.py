"""
The Pulumi workspace of a run, which creates stacks in parallel and selects none.

The selected stack is stored in one file, which parallel runs would overwrite, and selecting one
starts `pulumi`, a second for each stack. All commands here name their stack instead, so the user's
selection stays.
"""

from datetime import UTC, datetime

from pulumi import automation

# The Automation API names it in no public module.
from pulumi.automation._stack import StackInitMode


class Workspace(automation.LocalWorkspace):
    """A workspace in which no stack is ever selected."""

    def create_stack(self, stack_name: str) -> None:
        """Create a stack."""
        secrets = ["--secrets-provider", self.secrets_provider] if self.secrets_provider else []
        self.pulumi_command.run(
            ["stack", "init", stack_name, "--no-select", *secrets], self.work_dir, self.env_vars
        )

    def select_stack(self, stack_name: str) -> None:
        """Do nothing: only stacks that the backend has listed are opened."""


class Stack(automation.Stack):
    """
    A stack whose operations start `pulumi` once.

    The Automation API starts it three more times after each, to read outputs and history: half a
    second of processor time each. The results are in the engine's events already.
    """

    def __init__(self, name: str, workspace: automation.Workspace) -> None:
        super().__init__(name, workspace, StackInitMode.SELECT)

    def outputs(self) -> automation.OutputMap:
        """Return nothing: `Project.outputs` reads them where they are needed."""
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        """Return a summary without changes, which the caller takes from the events."""
        return automation.UpdateSummary(
            kind="", start_time=datetime.now(UTC), message="", environment={}, config={}, result=""
        )
