"""How one stack of an environment reads what another exported, and exports its own."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.output import UNKNOWN

VERSION = 1

Values = dict[str, Any]


@dataclass(frozen=True)
class Stacks:
    """The stacks of one environment, to be read from one of them; each is referenced once."""

    environment: str
    _references: dict[str, pulumi.StackReference]

    @classmethod
    def of(cls, environment: str) -> "Stacks":
        """Start with no reference made."""
        return cls(environment, {})

    def read(self, part: str, key: str) -> pulumi.Output[Any]:
        """Read one output of a part of the environment; a secret stays a secret."""
        if part not in self._references:
            stack = f"{self.environment}.{part}"
            path = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
            self._references[part] = pulumi.StackReference(part, stack_name=path)
        stack = f"{self.environment}.{part}"
        output = self._references[part].get_output(key)
        return output.apply(lambda value: checked(value, stack, key))


def checked(value: Any, stack: str, key: str) -> Any:
    """
    Check what was read from a stack; unknown in a preview if it is not there yet.

    An empty map is what Pulumi gives when it cannot decrypt a secret.
    """
    if value is None and pulumi.runtime.is_dry_run():
        return UNKNOWN
    if value is None:
        raise pulumi.RunError(
            f"stack {stack!r} must export {key!r} (it does not). Deploy it first: "
            f"pulumi up --stack {stack}"
        )
    if value == {}:
        raise pulumi.RunError(
            f"output {key!r} of stack {stack!r} must be readable (it is empty, as a secret is that "
            "cannot be decrypted). Use the same secrets provider and passphrase for all stacks of "
            "an environment."
        )
    version = value.get("version") if isinstance(value, dict) else VERSION
    if version != VERSION:
        raise pulumi.RunError(
            f"output {key!r} of stack {stack!r} must have version {VERSION} (got {version}). "
            f"Deploy it again with this version of linkmesh: pulumi up --stack {stack}"
        )
    return value


def export(key: str, values: Values) -> None:
    """Export plain values under one key, with the version of all contracts."""
    pulumi.export(key, {"version": VERSION, **values})
