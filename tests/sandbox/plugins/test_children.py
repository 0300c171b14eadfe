"""
Programs are run, heard and ended.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sandbox.plugins.children import Children


class Context:
    """A call that may be given up."""

    def __init__(self) -> None:
        self.callbacks: list[Any] = []

    def add_callback(self, callback: Any) -> bool:
        self.callbacks.append(callback)
        return True


def argv(program: str) -> list[str]:
    return [sys.executable, "-c", program]


WAITING = """
import os, time
try:
    open(os.environ["READY"], "w").close()
    time.sleep(60)
except KeyboardInterrupt:
    exit(130)
"""


def run_in_background(
    children: Children, program: str, context: Context, folder: Path
) -> list[int]:
    """Run what says by a file that it is ready for signals, and wait for that."""
    ready = folder / "ready"
    codes: list[int] = []
    thread = threading.Thread(
        target=lambda: codes.append(
            children.run(
                argv(program), variables={**os.environ, "READY": str(ready)}, context=context
            )
        )
    )
    thread.start()
    until = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return codes


def ended(codes: list[int]) -> list[int]:
    until = time.monotonic() + 60
    while not codes and time.monotonic() < until:
        time.sleep(0.01)
    return codes


def test_the_exit_code_is_handed_on() -> None:
    code = Children().run(argv("exit(7)"), variables=os.environ, context=Context())

    assert code == 7


def test_output_comes_in_pieces_and_the_exit_code_last(tmp_path: Path) -> None:
    program = "import os, sys; print(os.getcwd()); print(os.environ['X'], file=sys.stderr); exit(3)"

    chunks = list(Children().stream(argv(program), cwd=tmp_path, variables={"X": "error"}))

    assert chunks[-1] == ("exit", 3)
    assert sorted(chunks[:-1]) == [("stderr", b"error\n"), ("stdout", f"{tmp_path}\n".encode())]


def test_a_program_is_asked_to_end_as_by_ctrl_c(tmp_path: Path) -> None:
    children = Children()
    codes = run_in_background(children, WAITING, Context(), tmp_path)

    children.interrupt()

    assert ended(codes) == [130]


def test_a_program_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    context = Context()
    codes = run_in_background(Children(), WAITING, context, tmp_path)

    context.callbacks[0]()

    assert ended(codes) == [130]


def test_all_are_killed_when_we_end_ourselves(tmp_path: Path) -> None:
    children = Children()
    codes = run_in_background(children, WAITING, Context(), tmp_path)

    children.kill()

    assert ended(codes) == [-9]
