"""Components made as the plugin makes them, on the note-taking engine."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertiesError

from linkmesh.package.provider import PackageProvider
from tests import engine

PROVIDER = PackageProvider("1.2.3")

# An output, as other languages send a secret; known at once.
KUBECONFIG = engine.KUBECONFIG


def constructed(
    component: str, name: str = "it", *, preview: bool = False, **given: Any
) -> engine.Notes:
    """Make a component of what a program gave; its outputs are those of the program."""

    def program() -> None:
        inputs = {key: value() if callable(value) else value for key, value in given.items()}
        result = PROVIDER.construct(name, f"linkmesh:index:{component}", inputs, None)
        for key, value in result.state.items():
            pulumi.export(key, value)

    return engine.run(program, preview=preview)


def refused(component: str, **given: Any) -> Mapping[str, str]:
    """Return the problem of each property; that of none has an empty path."""
    with pytest.raises(InputPropertiesError) as caught:
        constructed(component, **given)
    problems = {each["property_path"]: each["reason"] for each in caught.value.errors or []}
    return {**problems, **({"": caught.value.message} if caught.value.message else {})}


def secret(value: Any) -> Any:
    """Return what makes a secret when the program runs."""
    return lambda: pulumi.Output.secret(value)
