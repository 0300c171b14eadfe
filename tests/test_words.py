"""Plain words in names, docstrings, comments and messages of the product, and in its pages."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import PAGES, relative
from tests.project import PROJECT

ROOMS = ("cli", "components", "stacks", "policies", "examples")
CODE = [
    PROJECT / "__main__.py",
    *(
        file
        for room in ROOMS
        for file in sorted((PROJECT / room).rglob("*.py"))
        if not {".venv", "node_modules"} & {*file.parts}
    ),
]

# Words in names that mean nothing to a reader. Use instead: the `Cluster` interface, public API,
# build context, access, serialization, healthy, fixed, not valid, reported, state.
NAMES = {
    *("seam", "shelf", "making", "plot", "door", "kept", "well", "mend", "mended", "mends"),
    *(
        "refuse",
        "refused",
        "refusal",
        "told",
        "standing",
        "nobody",
        "whoever",
        "leftovers",
        "swept",
    ),
}

# A function is what it does; data is a `StackRecord` or a snapshot.
FUNCTIONS = {"record", "records"}

# In prose "as well" and "AWS refuses" are plain; what is wrong with an argument is "not valid".
PROSE = re.compile(
    r"\b(?:seams?|shel(?:f|ves)|plots?|doors?|kept|(?<!as\s)well(?!-)|mend(?:s|ed)?|refusals?|told"
    r"|standing|(?:is|are|be|was|were) refused|anew|lets? in|vouch(?:es)?|go(?:es|ing)? on"
    r"|nobody|somebody|everybody|whoever|swept)\b",
    re.IGNORECASE,
)


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List the names that a module defines or assigns, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def parts(name: str) -> set[str]:
    """Split a name into its words, in lower case."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def texts(source: str) -> Iterator[tuple[int, str]]:
    """List the strings and comments of a module, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.STRING, tokenize.COMMENT}:
            yield token.start[0], token.string


def prose(page: str) -> str:
    """Return a page without its blocks and names of code."""
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", page, flags=re.DOTALL | re.MULTILINE)


def in_code(source: str) -> list[str]:
    """List the lines of a module with a word that is not plain."""
    tree = ast.parse(source)
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return [
        *(f"{line}: {name}" for line, name in names(tree) if parts(name) & NAMES),
        *(f"{node.lineno}: {node.name}" for node in functions if node.name in FUNCTIONS),
        *(f"{line}: {found[0]}" for line, text in texts(source) for found in PROSE.finditer(text)),
    ]


@pytest.mark.parametrize("file", CODE, ids=relative)
def test_code_uses_plain_words(file: Path) -> None:
    assert not parts(file.stem) & NAMES
    assert in_code(file.read_text()) == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_prose_uses_plain_words(page: Path) -> None:
    assert [found[0] for found in PROSE.finditer(prose(page.read_text()))] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Making: ...", ["1: Making"]),
        ("def is_well(): ...", ["1: is_well"]),
        ("def record(told): ...", ["1: told", "1: record"]),
        ("kept = 1  # the seam", ["1: kept", "1: seam"]),
        ('raise ValueError(f"{x} is refused")', ["1: is refused"]),
        ("'''All is well, and mended.'''", ["1: well", "1: mended"]),
        ("'''AWS refuses it, well-formed as it is, in the other one as\nwell.'''", []),
        ("description = records_of(stack)", []),
    ],
)
def test_words_that_are_not_plain_are_found(source: str, found: list[str]) -> None:
    assert in_code(source) == found
