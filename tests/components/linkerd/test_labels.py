"""Each of Linkerd's words and numbers stands in one module."""

import ast
import gc
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from linkmesh.linkerd import labels, ports

ROOT = Path(labels.__file__).parents[2]
HOMES = {Path(labels.__file__).resolve(), Path(ports.__file__).resolve()}

# Labels, annotations and API groups; not addresses of the manual, which begin with https.
WORD = re.compile(r"(^|[^/.\w])([a-z]+\.)*linkerd\.io(/|$)")


@cache
def literals() -> list[tuple[str, object]]:
    """
    List the literals of the product's modules that are not docstrings, by module.

    Python 3.11 fails to parse if the collector runs a finalizer of another test meanwhile
    ("recursion depth mismatch", https://github.com/python/cpython/issues/106905).
    """
    gc.disable()
    try:
        return [*_literals()]
    finally:
        gc.enable()


def _literals() -> Iterator[tuple[str, object]]:
    for folder in ("components", "stacks", "cli"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file in HOMES:
                continue
            tree = ast.parse(file.read_text())
            texts = {
                id(node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and id(node) not in texts:
                    yield str(file.relative_to(ROOT)), node.value


def test_no_other_module_spells_a_label_of_linkerd() -> None:
    found = [
        (file, value)
        for file, value in literals()
        if isinstance(value, str) and WORD.search(value) and "://" not in value
    ]

    # The annotations of routes are beside the values they are for; the other one names a page.
    assert {file for file, _ in found} <= {
        "components/linkerd/traffic/retries.py",
        "components/versions.py",
    }


def test_no_other_module_has_a_port_of_the_proxy() -> None:
    own = {ports.ADMIN_PORT, ports.CONTROL_PORT, ports.INBOUND_PORT, ports.OUTBOUND_PORT}

    assert [(file, value) for file, value in literals() if value in own] == []
