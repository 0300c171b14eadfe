"""What the documentation tells readers to type: each command, option, file and setting exists."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

import linkmesh
from linkmesh import environment as described
from linkmesh.cli.__main__ import app
from tests.pages import FOR_USERS, PAGES, relative, spans, typed, without_blocks
from tests.project import PROJECT

COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
ROOMS = "components|stacks|cli|sandbox|policies|sdks|tests|docs|examples|environments|\\.github"

# What belongs to the reader's machine or project, and not to this repository.
OF_THE_READER = ("environments/", "sdks/linkmesh", "docs/UPGRADE-", "policies/.venv")

CODE = [
    file
    for room in ("components", "stacks", "cli", "policies", "sandbox", ".github")
    for pattern in ("*.py", "*.yml")
    for file in sorted((PROJECT / room).rglob(pattern))
    if ".venv" not in file.parts
]
SOURCE = "\n".join(file.read_text() for file in [*CODE, PROJECT / "Makefile"])


def mesh_commands(line: str) -> Iterator[list[str]]:
    """List the commands of `mesh` in a line of a shell, as words."""
    for part in re.split(r"\s*(?:&&|\|\||[;|<>])\s*", line):
        found = re.match(r"(?:\S*/)?(?:mesh|python3? -m linkmesh\.cli) (?=[a-z-])(.*)", part)
        if found:
            yield found[1].replace("'", "").split()


def problem(argv: list[str], *, is_whole: bool) -> str:
    """Return what `mesh` says of arguments; a name of a command alone lacks some."""
    name, *rest = argv
    if name == "--help":
        return ""
    if name not in COMMANDS:
        return f"mesh has no command {name}"
    try:
        COMMANDS[name].make_context(name, rest)
    except Exception as error:  # typer has its own copy of click, which is private
        lacks = type(error).__name__ in ("MissingParameter", "BadOptionUsage")
        return "" if lacks and not is_whole else f"mesh {name}: {error}"
    return ""


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_command_that_a_reader_types_is_one_that_mesh_accepts(page: Path) -> None:
    problems = [
        problem(argv, is_whole=True) for line in typed(page) for argv in mesh_commands(line)
    ]

    assert [each for each in problems if each] == []


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_command_that_the_text_names_exists_with_its_options(page: Path) -> None:
    problems = [
        problem(argv, is_whole=False) for span in spans(page) for argv in mesh_commands(span)
    ]

    assert [each for each in problems if each] == []


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_target_of_make_that_a_page_names_exists(page: Path) -> None:
    lines = [*typed(page), *spans(page)]
    named = [found[1] for line in lines if (found := re.match(r"make ([a-z -]+)", line))]

    assert {target for each in named for target in each.split()} <= TARGETS


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_module_that_a_reader_runs_exists(page: Path) -> None:
    lines = "\n".join([*typed(page), *spans(page)])
    named = set(re.findall(r"python3? -m ((?:linkmesh|sandbox)[\w.]*)", lines))

    assert [name for name in sorted(named) if find_spec(name) is None] == []


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_file_that_a_page_names_exists(page: Path) -> None:
    lines = "\n".join([*typed(page), *spans(page)])
    written = set(re.findall(rf"(?<![\w./<-])((?:{ROOMS})/[\w./*-]*)", lines))
    described = re.findall(r"Write this one to `(\S+)`", page.read_text())
    missing = [
        path
        for path in sorted(written - {*described})
        if not path.startswith(OF_THE_READER) and not [*PROJECT.glob(path.rstrip("/."))]
    ]

    assert missing == []


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_a_setting_that_a_page_names_is_read(page: Path) -> None:
    text = page.read_text()
    variables = set(re.findall(r"\bLINKMESH_[A-Z]+(?:_[A-Z]+)*", text))
    settings = set(re.findall(r"\blinkmesh:([a-z]+[A-Z]\w+|charts|kubeconfig)", text))
    named = {re.sub("^(LINKMESH_KUBECONFIG)_.*", r"\1", each) for each in variables}

    # The name of a cluster follows.
    assert [
        each for each in sorted(named) if not re.search(rf"{each}(?![A-Z]|_[A-Z])", SOURCE)
    ] == []
    assert [each for each in sorted(settings) if not re.search(rf"[\":]{each}\"", SOURCE)] == []


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.*)$", without_blocks(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_an_anchor_of_a_link_is_a_heading(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", without_blocks(page))
    wrong = [
        f"{file}#{anchor}"
        for file, anchor in links
        if anchor not in headings((page.parent / file).resolve() if file else page)
    ]

    assert wrong == []


def test_a_page_that_the_code_names_exists_with_its_heading() -> None:
    # What follows a comma is a page of another project, as a source.
    named = set(
        re.findall(r"(?:: |[Ss]ee |in |\()((?:sandbox/)?docs/[\w/-]+\.md)(?:#([\w-]+))?", SOURCE)
    )
    wrong = [
        f"{file}#{anchor}"
        for file, anchor in sorted(named)
        if not (PROJECT / file).exists() or (anchor and anchor not in headings(PROJECT / file))
    ]

    assert len(named) > 10
    assert wrong == []


PUBLIC = {
    **{name: getattr(described, name) for name in described.__all__},
    **{name: getattr(linkmesh, name) for name in linkmesh.__all__},
}


def arguments(of: Any) -> set[str]:
    """Return the names of the arguments of a class or function; none if it takes no known ones."""
    try:
        return {*inspect.signature(of).parameters}
    except (TypeError, ValueError):
        return set()


EVERY_ARGUMENT = {argument for each in PUBLIC.values() for argument in arguments(each)}


def expressions(page: Path) -> Iterator[ast.AST]:
    """Parse what a page writes as Python in code font; a value may be left out or be `..`."""
    for span in spans(page):
        text = re.sub(r"=(?=[,)]|$)", "=0", span.replace("[..]", "[...]"))
        if not re.match(r"[A-Z][a-z]\w*[.(]|[a-z_]+=\S", text):
            continue
        try:
            yield from ast.walk(ast.parse(f"_({text})" if re.match(r"\w+=", text) else text))
        except SyntaxError:
            continue


@pytest.mark.parametrize("page", FOR_USERS, ids=relative)
def test_an_argument_that_a_page_names_exists(page: Path) -> None:
    wrong = []
    for node in expressions(page):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            known = EVERY_ARGUMENT if node.func.id == "_" else arguments(PUBLIC.get(node.func.id))
            wrong += [each.arg for each in node.keywords if known and each.arg not in known]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = PUBLIC.get(node.value.id)
            wrong += (
                [ast.unparse(node)]
                if owner and node.attr.isupper() and not hasattr(owner, node.attr)
                else []
            )

    assert wrong == []
