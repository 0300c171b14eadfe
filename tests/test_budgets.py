"""
How long files, functions and constructors may be; whatever is longer is named, with a reason.

A constructor is a table of contents; a function that needs scrolling, or a file in which two things
live, is split where it comes apart by itself.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("components", "stacks", "cli", "policies")

FILE_LINES = 250
FUNCTION_LINES = 40
CONSTRUCTOR_LINES = 30

LONG_FILES = {
    "cli/mirrors/evaluate.py": "why there is no mirror: each cause with its remedy",
}

LONG_FUNCTIONS = {
    "cli/runs/run.py:run": "one loop over the stacks that run, with the only use of their state",
}


def modules() -> Iterator[Path]:
    """Find every module of the product."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if ".venv" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Find every function and method of a module, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, its docstring included."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def label(path: Path) -> str:
    """Name a module by its path."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", modules(), ids=label)
def test_a_module_keeps_the_budget(path: Path) -> None:
    length = len(path.read_text().splitlines())
    long = [
        f"{node.name}: {lines(node)} lines"
        for node in functions(path)
        if lines(node) > (CONSTRUCTOR_LINES if node.name == "__init__" else FUNCTION_LINES)
        and f"{label(path)}:{node.name}" not in LONG_FUNCTIONS
    ]

    assert length <= FILE_LINES or label(path) in LONG_FILES
    assert long == []


def test_every_room_has_modules() -> None:
    assert {label(path).split("/")[0] for path in modules()} == set(ROOMS)


def test_every_exception_has_a_reason() -> None:
    assert all(reason.strip() for reason in (*LONG_FILES.values(), *LONG_FUNCTIONS.values()))
