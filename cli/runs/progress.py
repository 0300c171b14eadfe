"""Progress of a run: a live table on a terminal, a line for each step elsewhere."""

import threading
import time
from collections.abc import Sequence

from pulumi.automation.events import EngineEvent
from rich.console import Console
from rich.live import Live
from rich.table import Table

from .operation import ALL_STACKS, Operation
from .policies import violation

DOING = {
    Operation.PREVIEW: "previewing",
    Operation.UP: "deploying",
    Operation.DESTROY: "destroying",
}
DONE = {Operation.PREVIEW: "previewed", Operation.UP: "deployed", Operation.DESTROY: "destroyed"}

SKIPPED = "unchanged, skipped"

# Without a terminal, a run prints a line at least this often.
HEARTBEAT_SECONDS = 20


class Progress:
    """A listener that prints the progress of a run."""

    def __init__(self, console: Console, operation: Operation, parts: Sequence[str]) -> None:
        self.console = console
        self.operation = operation
        self.states = dict.fromkeys(parts, "waiting")
        self.began: dict[str, float] = {}
        self.resources = dict.fromkeys(parts, 0)
        self.changes: dict[str, dict[str, int]] = {}
        self.unchanged: list[str] = []
        self.start = time.monotonic()
        self._last_printed = self.start
        self._policy_lines: set[str] = set()
        self._lock = threading.Lock()
        self._live = Live(self, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> "Progress":
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for part, state in self.states.items():
            seconds = f"{time.monotonic() - self.began[part]:.0f} s" if part in self.began else ""
            count = f"{self.resources[part]} resources" if self.resources[part] else ""
            table.add_row(part, state, count, seconds if state == DOING[self.operation] else "")
        return table

    @property
    def begun(self) -> set[str]:
        """Parts that were started."""
        return set(self.began)

    def end(self) -> None:
        """Remove the live table."""
        if self._live.is_started:
            self._live.stop()

    def started(self, part: str) -> None:
        """A stack starts."""
        self.states[part] = DOING[self.operation]
        self.began[part] = time.monotonic()
        self._print(f"{part}: {DOING[self.operation]}")

    def event(self, part: str, event: EngineEvent) -> None:
        """Count resources, and print a line from time to time if there is no terminal."""
        if event.res_outputs_event is not None:
            self.resources[part] += 1
        if policy_line := violation(part, event):
            self._print_once(policy_line)
        with self._lock:
            silent = time.monotonic() - self._last_printed
            if silent > HEARTBEAT_SECONDS:
                self._print(f"{part}: {self.resources[part]} resources so far")

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done."""
        self.states[part] = DONE[self.operation]
        self.changes[part] = changes
        seconds = time.monotonic() - self.began[part]
        self._print(f"{part}: {DONE[self.operation]} in {seconds:.0f} s, {counted(changes)}")

    def failed(self, part: str) -> None:
        """A stack failed."""
        self.states[part] = "failed"
        self._print(f"{part}: failed")

    def skipped(self, part: str) -> None:
        """A stack does not run, because nothing would change."""
        self.states[part] = SKIPPED
        self.unchanged.append(part)
        self._print(f"{part}: {SKIPPED}")

    def closing(self) -> str:
        """Summarize the run in one line, and in a second what was skipped."""
        total: dict[str, int] = {}
        for changes in self.changes.values():
            for kind, count in changes.items():
                total[kind] = total.get(kind, 0) + count
        seconds = time.monotonic() - self.start
        done = DONE[self.operation]
        stacks = "1 stack" if len(self.changes) == 1 else f"{len(self.changes)} stacks"
        ran = f"{stacks} {done} in {seconds:.0f} s: {counted(total)}."
        return f"{ran}\n{skipped_text(len(self.unchanged))}" if self.unchanged else ran

    def _print_once(self, line: str) -> None:
        if line not in self._policy_lines:
            self._policy_lines.add(line)
            self._last_printed = time.monotonic()
            self.console.print(line, markup=False, soft_wrap=True)

    def _print(self, line: str) -> None:
        self._last_printed = time.monotonic()
        self.console.print(line)


def skipped_text(count: int) -> str:
    """Say why stacks did not run, and how they do."""
    stacks, it_is, it = (
        ("1 stack was", "it is", "it")
        if count == 1
        else (f"{count} stacks were", "they are", "them")
    )
    return (
        f"{stacks} skipped: nothing that {it_is} deployed from has changed since. "
        f"To run {it} too: {ALL_STACKS}"
    )


def counted(changes: dict[str, int]) -> str:
    """Return the numbers of changes, e.g. "12 create, 1 update", or "no changes"."""
    return ", ".join(f"{count} {kind}" for kind, count in sorted(changes.items())) or "no changes"
