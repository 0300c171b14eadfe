"""
The processes that the language host starts, and how they are ended.

A program is asked with SIGINT, as Ctrl-C would, and killed if it does not end within seconds. It is
asked when the engine cancels, and when the engine no longer waits for the answer.
"""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

# As the genuine language host waits.
# Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go, WaitDelay
PATIENCE_SECONDS = 5.0

CHUNK_BYTES = 65536

Chunk = tuple[str, bytes | int]
"""Part of an output ("stdout" or "stderr"), or at the end ("exit", exit code)."""


class Children:
    """What runs now."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._interrupted = False

    def run(self, argv: Sequence[str], *, variables: Mapping[str, str], context: Any) -> int:
        """Run a program that shares our standard output and error; returns its exit code."""
        process = self._start(argv, context, env=dict(variables))
        try:
            return process.wait()
        finally:
            self._ended(process)

    def stream(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        variables: Mapping[str, str],
        context: Any = None,
    ) -> Iterator[Chunk]:
        """Run a program and give its output as it comes, then its exit code."""
        process = self._start(
            argv,
            context,
            env=dict(variables),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        chunks: queue.Queue[Chunk | None] = queue.Queue()
        pipes = {"stdout": process.stdout, "stderr": process.stderr}
        for name, pipe in pipes.items():
            assert pipe is not None, name
            threading.Thread(target=_read, args=(name, pipe, chunks), daemon=True).start()
        try:
            open_pipes = len(pipes)
            while open_pipes:
                chunk = chunks.get()
                if chunk is None:
                    open_pipes -= 1
                else:
                    yield chunk
            yield "exit", process.wait()
        finally:
            _end(process)
            self._ended(process)

    def interrupt(self) -> None:
        """Ask all to end, now and in future: after a cancellation nothing more is wanted."""
        with self._lock:
            self._interrupted = True
            running = list(self._running)
        for process in running:
            threading.Thread(target=_end, args=(process,), daemon=True).start()

    def kill(self) -> None:
        """Kill all, since we end ourselves."""
        for process in list(self._running):
            process.kill()

    def _start(self, argv: Sequence[str], context: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(list(argv), stdin=subprocess.DEVNULL, **options)
        with self._lock:
            self._running.add(process)
            interrupted = self._interrupted
        if interrupted:
            threading.Thread(target=_end, args=(process,), daemon=True).start()
        if context is not None:
            # Called too when the answer was given; then the process has ended and nothing happens.
            context.add_callback(lambda: _end(process))
        return process

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _read(name: str, pipe: IO[bytes], chunks: queue.Queue[Chunk | None]) -> None:
    while chunk := pipe.read1(CHUNK_BYTES):  # type: ignore[attr-defined] # a BufferedReader
        chunks.put((name, chunk))
    chunks.put(None)
