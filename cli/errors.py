"""Errors of commands: a precondition does not hold, or a run failed."""


class PreconditionError(Exception):
    """A command cannot start, and has changed nothing; the message says why and what to do."""


class RunFailedError(Exception):
    """Some stacks failed; the message says which, why, and how to continue."""

    def __init__(self, text: str, causes: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.causes = causes or {}
