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


def run_in_background(children: Children, program: str, context: Context) -> list[int]:
    codes: list[int] = []
    thread = threading.Thread(
        target=lambda: codes.append(
            children.run(argv(program), variables=os.environ, context=context)
        )
    )
    thread.start()
    until = time.monotonic() + 10
    while not context.callbacks and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3)  # until the program has its handler
    return codes


def ended(codes: list[int]) -> list[int]:
    until = time.monotonic() + 10
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


def test_a_program_is_asked_to_end_as_by_ctrl_c() -> None:
    children = Children()
    program = "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: exit(130)"
    codes = run_in_background(children, program, Context())

    children.interrupt()

    assert ended(codes) == [130]


def test_a_program_that_nobody_waits_for_is_ended() -> None:
    context = Context()
    program = "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: exit(130)"
    codes = run_in_background(Children(), program, context)

    context.callbacks[0]()

    assert ended(codes) == [130]


def test_all_are_killed_when_we_end_ourselves() -> None:
    children = Children()
    codes = run_in_background(children, "import time; time.sleep(60)", Context())

    children.kill()

    assert ended(codes) == [-9]
