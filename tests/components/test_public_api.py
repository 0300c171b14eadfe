"""The public API: its names, that they load nothing unused, and that all of it is documented."""

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import textwrap
from enum import Enum
from pathlib import Path
from typing import Any

import pulumi
import pytest

import linkmesh

# Components that others make as a part of themselves, and the example application.
INTERNAL = {"LinkerdCni", "WebhookCertificates", "YelbTier"}

PUBLIC = {name: getattr(linkmesh, name) for name in linkmesh.__all__}
CLASSES = [each for each in PUBLIC.values() if inspect.isclass(each)]
COMPONENTS = [each for each in CLASSES if issubclass(each, pulumi.ComponentResource)]


def definition(thing: type) -> ast.ClassDef:
    """Read the source of a class."""
    [found] = ast.parse(inspect.getsource(thing)).body
    assert isinstance(found, ast.ClassDef)
    return found


def undocumented(thing: type) -> list[str]:
    """List the public fields, attributes, members and methods of a class without a docstring."""
    body = definition(thing).body
    missing = []
    for statement, following in zip(body, [*body[1:], None], strict=True):
        names = []
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names = [statement.target.id]
        elif isinstance(statement, ast.Assign) and issubclass(thing, Enum):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        elif isinstance(statement, ast.FunctionDef):
            if not statement.name.startswith("_") and not ast.get_docstring(statement):
                missing.append(statement.name)
            continue
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        missing += [name for name in names if not name.startswith("_") and not is_text]
    return missing


def test_each_name_is_that_of_its_class_or_function() -> None:
    assert {name: thing.__name__ for name, thing in PUBLIC.items()} == {
        name: name for name in linkmesh.__all__
    }


def test_type_checkers_see_the_names_that_exist_at_run_time() -> None:
    tree = ast.parse(Path(linkmesh.__file__).read_text())
    declared = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }

    assert declared == set(linkmesh.__all__)


def test_every_component_and_its_arguments_are_public_unless_internal() -> None:
    defined = {
        kind.__name__
        for kind in pulumi.ComponentResource.__subclasses__()
        if kind.__module__.startswith("linkmesh.")
    }

    assert defined - INTERNAL <= set(PUBLIC)
    assert {f"{name}Args" for name in defined - INTERNAL} <= set(PUBLIC)
    assert not INTERNAL & set(PUBLIC)


@pytest.mark.parametrize("name", linkmesh.__all__)
def test_every_public_name_has_a_docstring(name: str) -> None:
    thing = PUBLIC[name]
    # A dataclass without a docstring has its signature instead.
    text = inspect.getdoc(thing) or ""

    assert text
    assert not text.startswith(f"{name}(")
    assert text.partition("\n")[0].rstrip(":").endswith(".") or text.startswith("Arguments of")


@pytest.mark.parametrize("thing", CLASSES, ids=lambda thing: str(thing.__name__))
def test_every_field_attribute_and_method_is_documented(thing: type) -> None:
    assert undocumented(thing) == []


@pytest.mark.parametrize("thing", COMPONENTS, ids=lambda thing: str(thing.__name__))
def test_a_component_documents_its_resources(thing: type) -> None:
    assert "Makes:" in (inspect.getdoc(thing) or "")


@pytest.mark.parametrize("thing", COMPONENTS, ids=lambda thing: str(thing.__name__))
def test_arguments_name_their_component_and_are_keyword_only(thing: type) -> None:
    args = PUBLIC[f"{thing.__name__}Args"]
    fields: tuple[dataclasses.Field[Any], ...] = dataclasses.fields(args)

    assert (inspect.getdoc(args) or "").startswith(f"Arguments of `{thing.__name__}`")
    assert all(field.kw_only for field in fields)


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError) as error:
        _ = linkmesh.GkeCluster

    assert str(error.value) == "module 'linkmesh' has no attribute 'GkeCluster'"


def test_importing_the_api_loads_no_sdk() -> None:
    program = (
        "import sys, linkmesh; linkmesh.__all__; linkmesh.Injection; linkmesh.Mesh; "
        "print([name for name in sys.modules if name in ('pulumi_aws', 'pulumi_kind')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(linkmesh.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"


def examples(thing: type) -> list[str]:
    """Find the code of a docstring's examples: in one line, or as a block."""
    text = inspect.getdoc(thing) or ""
    inline = re.findall(r"Example: `([^`]+)`", text)
    blocks = re.findall(r"^Example:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    return [*inline, *(textwrap.dedent(block) for block in blocks)]


@pytest.mark.parametrize("thing", CLASSES, ids=lambda thing: str(thing.__name__))
def test_examples_in_docstrings_use_names_and_arguments_that_exist(thing: type) -> None:
    for code in examples(thing):
        for call in ast.walk(ast.parse(code)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                known = inspect.signature(PUBLIC[call.func.id]).parameters
                assert {keyword.arg for keyword in call.keywords} <= set(known)


def test_every_component_has_an_example() -> None:
    assert [each.__name__ for each in COMPONENTS if not examples(each)] == []
