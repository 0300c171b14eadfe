"""
What a command costs: wall time, and the processor time and memory of all its processes.

On a machine that others load too, wall times say little and processor times more. Memory is the sum
of the proportional shares (PSS), so that a library that twenty processes share counts once. A
command is a session of its own, and what is in it is waited for: the programs of `mesh` are forked
from a server that ends after `mesh`, as a child of nobody. What has a session of its own is meant
to stay, as the clusters of a sandbox are. Linux only: it reads /proc.
"""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")

# Source: prctl(2)
PR_SET_CHILD_SUBREAPER = 36

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


class CommandFailedError(Exception):
    """A command that is measured ended badly: its time says nothing."""

    def __init__(self, argv: Sequence[str], code: int, said: str) -> None:
        super().__init__(f"{' '.join(argv)} must succeed (ended with {code}). It said:\n{said}")


def measured(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """Run a command that must succeed, and look at it meanwhile."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("processes must be adopted (prctl refuses to). Their time would not count.")
    start = time.monotonic()
    with subprocess.Popen(
        argv,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        watch = _Watch(process.pid)
        assert process.stdout is not None
        try:
            said = process.stdout.read()
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGINT)  # Ctrl-C is for our own session alone
            raise
        process.returncode, cpu_seconds = _waited(process.pid)
        while orphans := _adopted(process.pid):
            cpu_seconds += sum(_waited(pid)[1] for pid in orphans)
        seconds = time.monotonic() - start
        watch.end()
    if process.returncode != 0:
        raise CommandFailedError(argv, process.returncode, said)
    return Cost(seconds=seconds, cpu_seconds=cpu_seconds, mib=watch.mib, shares=watch.shares())


def _waited(pid: int) -> tuple[int, float]:
    """Wait for a child; return its exit code, and the time of it and all that it waited for."""
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


def _adopted(session: int) -> list[int]:
    """List the processes of a session that have come to us, running or dead."""
    return [
        pid
        for pid in _pids()
        if (stat := _stat(pid)) and (int(stat[1]), int(stat[3])) == (os.getpid(), session)
    ]


class _Watch:
    """Looks at the processes of a session, in a thread of its own."""

    def __init__(self, session: int) -> None:
        self.mib = 0.0
        self._session = session
        self._kinds: dict[int, str] = {}
        self._cpu: dict[int, float] = {}
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
            )
            for kind, pids in members.items()
        }

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        memory = 0.0
        for pid in _pids():
            stat = _stat(pid)
            if not stat or int(stat[3]) != self._session:
                continue
            mib, arguments = memory_mib(pid), _read(pid, "cmdline").replace("\0", " ")
            if mib is None or not arguments:  # it has ended
                continue
            memory += mib
            self._cpu[pid] = (int(stat[11]) + int(stat[12])) / TICKS
            # Each begins as a copy of the one that starts it, so the last look counts.
            self._kinds[pid] = kind_of(arguments)
        self.mib = max(self.mib, memory)


def kind_of(arguments: str) -> str:
    """Say what a process is, by its arguments; pure."""
    return next((kind for part, kind in KINDS.items() if part in arguments), "other")


def memory_mib(pid: int) -> float | None:
    """Read a process' proportional share of memory; None if there is none (any more)."""
    lines = _read(pid, "smaps_rollup").splitlines()
    share = next((line for line in lines if line.startswith("Pss:")), None)
    return None if share is None else int(share.split()[1]) / 1024


def _pids() -> list[int]:
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """
    Read the state of a process from its third field on; nothing if there is none (any more).

    Source: proc(5), /proc/pid/stat, fields 4, 6, 14 and 15; field 2 may hold blanks and brackets.
    """
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text(errors="replace")
    except OSError:
        return ""
