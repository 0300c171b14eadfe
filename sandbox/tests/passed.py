"""
Which files of these tests passed on this machine, with all that they depend on as it is now.

A file depends on everything in `sandbox/`, whose programs start one another, on the pins, and on
the modules of the product that it or the sandbox imports. That a file passed is written down under
a hash of all this in the user's cache; a hash that nobody has written down says nothing.
"""

import ast
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from sandbox.home import PROJECT

PRODUCT = ("linkmesh", "components", "stacks", "cli", "tests")
PINS = ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "conftest.py", "sdks")
IGNORED = {"__pycache__", "build"}


def folder() -> Path:
    """Return the folder of the user's cache in which passed files are written down."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "linkmesh" / "passed"


def has_passed(test: Path) -> bool:
    """Tell whether a file of tests passed here, and nothing that it depends on changed since."""
    return (folder() / fingerprint(test)).exists()


def note_passed(test: Path) -> None:
    """Write down that a file of tests passed."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / fingerprint(test)).touch()


def fingerprint(test: Path) -> str:
    """Make a text that changes whenever something changes that a file of tests depends on."""
    digest = hashlib.sha256(f"{sys.version} {test.relative_to(PROJECT)} {_sandbox()}".encode())
    for module in sorted(product_modules([test, *(PROJECT / "sandbox").rglob("*.py")])):
        digest.update(_digest(module))
    return digest.hexdigest()


@cache
def _sandbox() -> str:
    """Hash what every file of these tests depends on."""
    digest = hashlib.sha256()
    for file in sorted(_files(PROJECT / one for one in ("sandbox", *PINS))):
        digest.update(_digest(file))
    return digest.hexdigest()


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if root.is_file():
            yield root
        for file in root.rglob("*"):
            if file.is_file() and IGNORED.isdisjoint(file.parts) and ".egg-info" not in str(file):
                yield file


@cache
def _digest(file: Path) -> bytes:
    content = hashlib.sha256(file.read_bytes()).digest()
    return str(file.relative_to(PROJECT)).encode() + b"\0" + content


def product_modules(files: Iterable[Path]) -> set[Path]:
    """Find the product's modules that files import, and those that these import, and so on."""
    found: set[Path] = set()
    left = list(files)
    while left:
        new = _imported(left.pop()) - found
        found |= new
        left += new
    return found


@cache
def _imported(file: Path) -> frozenset[Path]:
    """Find the product's modules that a file imports itself; a package stands for its __init__."""
    package = file.relative_to(PROJECT).parts[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join(filter(None, (*above, node.module)))
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(path for name in names for path in _paths(name))


def _paths(name: str) -> Iterator[Path]:
    """List the files that importing a name runs: its module, and every package around it."""
    module = PROJECT.joinpath(*name.split("."))
    if name.partition(".")[0] in PRODUCT:
        around = [each / "__init__.py" for each in (module, *module.parents)]
        for file in (module.with_suffix(".py"), *around):
            if file.is_relative_to(PROJECT) and file.is_file():
                yield file.resolve()  # linkmesh is a link, and what it leads to is the file
