"""The shelf: everything that can be built is on it, and nothing is loaded before it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

import components


def test_every_name_on_the_shelf_can_be_taken_from_it() -> None:
    taken = {name: getattr(components, name) for name in components.__all__}

    assert {name: thing.__name__ for name, thing in taken.items()} == {
        name: name for name in components.__all__
    }


def test_the_shelf_is_the_same_for_type_checkers_and_at_run_time() -> None:
    tree = ast.parse(Path(components.__file__).read_text())
    declared = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }

    assert declared == set(components.__all__)


def test_every_component_and_its_arguments_are_on_the_shelf() -> None:
    for name in components.__all__:
        getattr(components, name)
    defined = {
        kind.__name__: kind
        for kind in pulumi.ComponentResource.__subclasses__()
        if kind.__module__.startswith("components.")
    }

    assert set(defined) <= set(components.__all__)
    assert {f"{name}Args" for name in defined} <= set(components.__all__)


def test_a_name_that_is_not_on_the_shelf_is_refused() -> None:
    with pytest.raises(AttributeError) as refused:
        _ = components.GkeCluster

    assert str(refused.value) == "module 'components' has no attribute 'GkeCluster'"


def test_looking_at_the_shelf_loads_no_sdk() -> None:
    program = (
        "import sys, components; components.__all__; components.Injection; "
        "print([name for name in sys.modules if name in ('pulumi_aws', 'pulumi_kind')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(components.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"
