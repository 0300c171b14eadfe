"""
The runner is a file of its own, and tells apart our lines and the user's.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from sandbox.plugins.language_host import RUNNER, USER_HAS_SEEN_THE_ERROR


def test_it_imports_nothing_of_this_project() -> None:
    tree = ast.parse(RUNNER.read_text())
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }

    assert imported - set(sys.stdlib_module_names) == {"pulumi"}


def test_the_host_knows_its_exit_code() -> None:
    assert f"USER_HAS_SEEN_THE_ERROR = {USER_HAS_SEEN_THE_ERROR}\n" in RUNNER.read_text()


def test_a_missing_sdk_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "pulumi.py").write_text("raise ImportError('no pulumi')")
    environment = {"PYTHONPATH": str(tmp_path)}

    run = subprocess.run(
        [sys.executable, str(RUNNER), "."], env=environment, capture_output=True, text=True
    )

    assert run.returncode == 1
    assert "It looks like the Pulumi SDK has not been installed." in run.stderr
