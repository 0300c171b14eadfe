"""
What a command costs: wall time, and the processor time and memory of all its processes.

On a machine that others load too, wall times say little and processor times more. Memory is the sum
of the proportional shares (PSS), so that a library that twenty processes share counts once, and
what the command started and then left behind is not its own. Linux only: it reads /proc.
"""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

REAPER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("reaper.py")))

SAMPLE_SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")

# What is in a process' arguments, and what a person calls it; the first that fits.
KINDS = {
    "sandbox.plugins.aws": "provider aws",
    "sandbox.plugins.kind": "provider kind",
    "pulumi-resource-kubernetes": "provider kubernetes",
    "pulumi-resource-aws": "provider aws",
    "pulumi-resource-tls": "provider tls",
    "pulumi.dynamic": "provider of dynamic resources",
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "multiprocessing.forkserver": "program",
    "-m linkmesh.cli": "mesh",
    "kubectl ": "kubectl",
    "helm install": "helm",
    "pulumi ": "engine",
}


@dataclass(frozen=True, kw_only=True)
class Share:
    """What all processes of one kind took."""

    processes: int = 0
    """How many there were, one after another too."""

    cpu_seconds: float = 0.0
    """Their processor time."""

    mib: float = 0.0
    """Their memory when that of all was highest."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run of a command took."""

    seconds: float
    """Wall time."""

    cpu_seconds: float
    """Processor time of all its processes, of user and system."""

    mib: float
    """Highest sum of the memory of all its processes."""

    shares: Mapping[str, Share] = field(default_factory=dict)
    """By kind of process."""


@dataclass(frozen=True)
class Seen:
    """One process, at one moment."""

    parent: int
    session: int
    cpu_seconds: float


class CommandFailedError(Exception):
    """A command that is measured ended badly: its time says nothing."""

    def __init__(self, argv: Sequence[str], code: int, said: str) -> None:
        super().__init__(f"{' '.join(argv)} must succeed (ended with {code}). It said:\n{said}")


def measured(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """Run a command that must succeed, and look at it meanwhile."""
    start = time.monotonic()
    with subprocess.Popen(
        (*REAPER, *argv),
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        watch = _Watch(process.pid)
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        watch.end()
    if process.returncode != 0:
        raise CommandFailedError(argv, process.returncode, said)
    return Cost(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        mib=watch.mib,
        shares=watch.shares(),
    )


class _Watch:
    """Looks at a process and its descendants, in a thread of its own."""

    def __init__(self, pid: int) -> None:
        self.mib = 0.0
        self._pid = pid
        self._kinds: dict[int, str] = {}
        self._cpu: dict[int, float] = {}
        self._memory: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def shares(self) -> dict[str, Share]:
        """Add up by kind of process."""
        members: dict[str, list[int]] = defaultdict(list)
        for pid, kind in self._kinds.items():
            members[kind].append(pid)
        return {
            kind: Share(
                processes=len(pids),
                cpu_seconds=sum(self._cpu[pid] for pid in pids),
                mib=sum(self._memory.get(pid, 0.0) for pid in pids),
            )
            for kind, pids in members.items()
        }

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        seen = processes()
        memory = {}
        for pid in family(self._pid, seen):
            mib, arguments = memory_mib(pid), _arguments(pid)
            if mib is None or not arguments:  # it has ended
                continue
            memory[pid] = mib
            self._cpu[pid] = seen[pid].cpu_seconds
            # Each begins as a copy of the one that starts it, so the last look counts.
            self._kinds[pid] = kind_of(arguments)
        if sum(memory.values()) > self.mib:
            self.mib, self._memory = sum(memory.values()), memory


def kind_of(arguments: str) -> str:
    """Say what a process is, by its arguments; pure."""
    return next((kind for part, kind in KINDS.items() if part in arguments), "other")


def family(pid: int, seen: Mapping[int, Seen]) -> set[int]:
    """Find a process and its descendants, but none that it adopted from another session; pure."""
    if pid not in seen:
        return set()
    children = defaultdict(list)
    for each, process in seen.items():
        if process.parent != pid or process.session == seen[pid].session:
            children[process.parent].append(each)
    found, waiting = set(), [pid]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += children[each]
    return found


def processes() -> dict[int, Seen]:
    """
    Read every process of this machine.

    Source: proc(5), /proc/pid/stat, fields 4, 6, 14 and 15; field 2 may hold blanks and brackets.
    """
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            text = Path(entry.path, "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = text[text.rindex(")") + 2 :].split()
        ticks = int(fields[11]) + int(fields[12])
        found[int(entry.name)] = Seen(
            parent=int(fields[1]), session=int(fields[3]), cpu_seconds=ticks / TICKS
        )
    return found


def memory_mib(pid: int) -> float | None:
    """Read a process' proportional share of memory; None if there is none (any more)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    share = next((line for line in text.splitlines() if line.startswith("Pss:")), None)
    return None if share is None else int(share.split()[1]) / 1024


def _arguments(pid: int) -> str:
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""
