"""
The Pulumi workspace of a run: it makes stacks side by side, and selects none.

Which stack is selected stands in one file, that two would write at once; and selecting one starts
`pulumi`, a second for each stack. Every command here names its stack, so nothing needs to be
selected, and what a person has selected stays.
"""

from pulumi import automation


class Workspace(automation.LocalWorkspace):
    """A workspace in which no stack is ever selected."""

    def create_stack(self, stack_name: str) -> None:
        """Make a stack."""
        secrets = ["--secrets-provider", self.secrets_provider] if self.secrets_provider else []
        self.pulumi_command.run(
            ["stack", "init", stack_name, "--no-select", *secrets], self.work_dir, self.env_vars
        )

    def select_stack(self, stack_name: str) -> None:
        """Do nothing: only stacks that the backend has listed are opened."""
