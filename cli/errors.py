"""Errors of commands: a precondition does not hold, or a run or a command of `pulumi` failed."""


class PreconditionError(Exception):
    """A command cannot start, and has changed nothing; the message says why and what to do."""


class RunFailedError(Exception):
    """Some stacks failed; the message says which, why, and how to continue."""

    def __init__(self, text: str, causes: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.causes = causes or {}


class PulumiError(Exception):
    """A command of `pulumi` failed; the message is what it printed."""


class StackMissingError(PulumiError):
    """The backend has no stack of this name."""
