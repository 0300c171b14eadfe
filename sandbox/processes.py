"""
Processes of this machine, known by id and start time, and free ports.

An id alone says little: the system gives it to somebody else later. Linux only, since start times,
program files and arguments come from /proc. Needs the standard library only, for `make clean`.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# Linux hands out the ports from here on to outgoing connections unless told otherwise; a port below
# is free a second later too. Source: Documentation/networking/ip-sysctl.rst, ip_local_port_range
FIRST_EPHEMERAL_PORT = 32768
FIRST_PORT = 15000

# etcd and the API server close their files within a second or two; what takes longer hangs.
PATIENCE_SECONDS = 10.0


# Held so that a dead child of ours can be collected instead of staying as a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


def spawn(
    argv: Sequence[str], *, log: Path, env: Mapping[str, str] | None, cwd: Path | None
) -> int:
    """Start a process that outlives us, in a session of its own, with its words in a log."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    _children[process.pid] = process
    return process.pid


def last_words(log: Path) -> str:
    """Give the last three lines of a log."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " | ".join(lines[-3:]) or "nothing"


def started(pid: int) -> int | None:
    """
    Tell when a process started, in clock ticks since boot; None if there is none, or only its
    remains.

    Source: proc(5), /proc/pid/stat, field 22; the name in field 2 may hold blanks and brackets.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    if fields[0] in "ZX":
        if pid in _children:
            _children.pop(pid).poll()
        return None
    return int(fields[19])


def end_pids(pids: Iterable[int], *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Ask processes to end, wait, kill those that do not; each only while it is the same one."""
    left = {pid: moment for pid in set(pids) if (moment := started(pid)) is not None}
    rounds = [(signal.SIGTERM, patience_seconds), (signal.SIGKILL, 2.0)]
    for sign, wait_seconds in rounds if patience_seconds > 0 else rounds[1:]:
        for pid in left:
            _signal(pid, sign)
        until = time.monotonic() + wait_seconds
        while left and time.monotonic() < until:
            left = {pid: moment for pid, moment in left.items() if started(pid) == moment}
            if left:
                time.sleep(0.02)
        if not left:
            return


def pids_working_in(folder: Path, programs: Path) -> list[int]:
    """
    Find our own programs that were started with a path inside of the folder.

    For processes that nobody recorded, since their starter was killed half way. The program's file
    lies in the folder (Pulumi), or it is one of the toolchain's and an argument lies in the folder
    (a cluster's). So an editor or a shell in there is left alone.
    """
    inside = f"{folder}/"
    found = []
    for pid in _other_pids():
        program = _executable(pid)
        if program.startswith(inside) or (
            program.startswith(f"{programs}/") and os.fsencode(inside) in _read(pid, "cmdline")
        ):
            found.append(pid)
    return found


def pids_with(argument: str, variable: tuple[str, Path]) -> list[int]:
    """Find processes that were started with a text in an argument and a variable of this value."""
    wanted = os.fsencode(argument), os.fsencode(f"{variable[0]}={variable[1]}\0")
    return [
        pid
        for pid in _other_pids()
        if wanted[0] in _read(pid, "cmdline") and wanted[1] in _read(pid, "environ")
    ]


def free_port() -> int:
    """Give a port on loopback that nobody listens on at the moment."""
    return free_ports(1)[0]


def free_ports(count: int, *, taken: Iterable[int] = ()) -> list[int]:
    """Give different ports on loopback, none of those taken, that nobody listens on now."""
    reserved = set(taken)
    ports: list[int] = []
    while len(ports) < count:
        port = random.randrange(FIRST_PORT, FIRST_EPHEMERAL_PORT)
        if port not in reserved and _is_free(port):
            reserved.add(port)
            ports.append(port)
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a connection that just closed on this port is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _other_pids() -> Iterator[int]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            pid = int(entry.name)
            if pid != os.getpid():
                yield pid


def _executable(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:  # somebody else's, or gone
        return ""


def _read(pid: int, file: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{file}").read_bytes()
    except OSError:  # somebody else's, or gone
        return b""


def _signal(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
