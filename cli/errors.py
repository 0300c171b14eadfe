"""How a command fails: refused before anything was done, or failed on the way."""


class RefusedError(Exception):
    """A command was refused before anything was done; says why, and what to do."""


class RunFailedError(Exception):
    """Some stacks failed; says which, why, what was not started, and how to go on."""

    def __init__(self, text: str, causes: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.causes = causes or {}
