"""What the plugin answers: the schema, and components made of what a program gave."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pulumi
from pulumi.errors import InputPropertiesError, InputPropertyErrorDetails
from pulumi.provider import ConstructResult, Provider

from ..arguments.text import listed
from . import catalogue
from .crossing import Crossing
from .docs import neutral
from .reading import Problem, of_error, read
from .schema import FILE, PACKAGE, names_in
from .writing import written


class PackageProvider(Provider):
    """The provider of the package `linkmesh`."""

    def __init__(self, version: str) -> None:
        about = {**json.loads(FILE.read_text()), "version": version}
        super().__init__(version, json.dumps(about))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Any,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """
        Make a component.

        Raises: InputPropertiesError with all problems of what the program gave.
        """
        crossing = self._crossing(resource_type)
        problems: list[Problem] = []
        given = read(crossing.inputs, inputs, problems)
        if problems:
            raise self._error(problems)
        try:
            made = crossing.make(name, given, options or pulumi.ResourceOptions())
        except (ValueError, pulumi.RunError) as error:
            raise self._error(of_error(error)) from None
        return ConstructResult(made.urn, written(crossing.outputs, crossing.result(made)))

    def _crossing(self, resource_type: str) -> Crossing:
        package, _, component = resource_type.partition(":index:")
        if package != PACKAGE or component not in catalogue.NAMES:
            known = listed(f"{PACKAGE}:index:{each}" for each in catalogue.NAMES)
            raise InputPropertiesError(f"type must be one of {known} (got {resource_type})")
        return catalogue.crossing(component)

    def _error(self, problems: Sequence[Problem]) -> InputPropertiesError:
        """Return an error in the words of other languages; a problem of no property has no path."""
        lines = [neutral(each.reason, self._names) for each in problems]
        details: list[InputPropertyErrorDetails] = [
            {"property_path": each.path, "reason": line}
            for each, line in zip(problems, lines, strict=True)
            if each.path
        ]
        others = [line for each, line in zip(problems, lines, strict=True) if not each.path]
        return InputPropertiesError("\n".join(others), details)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """Name of each property by its name in Python; without what other components need."""
        return names_in(json.loads(self.schema or ""))
