"""What a command reads of stacks, each once: to read starts `pulumi`."""

from typing import Any, Protocol

from ..errors import StackMissingError

_STACK = "pulumi:pulumi:Stack"


class _Stacks(Protocol):
    """Reads stacks each time."""

    def existing(self) -> set[str]:
        """Names of the stacks that the backend knows."""

    def exported(self, stack: str) -> dict[str, Any]:
        """Read a stack's state, in which secrets are encrypted."""

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs, secrets included; empty if there is no such stack."""


class Reads:
    """States and outputs of stacks, as they were when they were first asked for."""

    def __init__(self, stacks: _Stacks) -> None:
        self._stacks = stacks
        self._existing: set[str] | None = None
        self._states: dict[str, dict[str, Any]] = {}
        self._outputs: dict[str, dict[str, Any]] = {}

    def existing(self) -> set[str]:
        """Return the names of the stacks that the backend knows."""
        if self._existing is None:
            self._existing = self._stacks.existing()
        return self._existing

    def state(self, stack: str) -> dict[str, Any]:
        """Return a stack's state, in which secrets are encrypted."""
        if stack not in self._states:
            self._states[stack] = self._stacks.exported(stack)
        return self._states[stack]

    def outputs(self, stack: str) -> dict[str, Any]:
        """Return a stack's outputs, secrets included; empty if there is no such stack."""
        if stack not in self._outputs:
            self._outputs[stack] = self._stacks.outputs(stack)
        return self._outputs[stack]

    def plain_outputs(self, stack: str) -> dict[str, Any]:
        """Return a stack's outputs with encrypted secrets; empty if there is no such stack."""
        try:
            deployment = self.state(stack).get("deployment") or {}
        except StackMissingError:
            return {}
        resources = deployment.get("resources") or []
        found = (each.get("outputs") for each in resources if each.get("type") == _STACK)
        return next(found, None) or {}

    def forget_existing(self) -> None:
        """List stacks again, since some are made or removed."""
        self._existing = None

    def forget(self, stack: str) -> None:
        """Read a stack again, since something writes it."""
        self._states.pop(stack, None)
        self._outputs.pop(stack, None)
