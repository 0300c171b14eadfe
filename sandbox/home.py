"""
The folder that one running sandbox lives in, and the processes it started.

Everything of a sandbox is inside its home, so that ending the recorded processes and deleting the
folder leaves nothing behind. This module and those it imports need the standard library only, since
`make clean` runs them with any Python, even if the virtual environment is broken.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.files import lock_file, write_atomically
from sandbox.processes import end_pids, pids_with, pids_working_in, spawn, started

PROJECT = Path(__file__).resolve().parent.parent
"""The project's root: the folder with Pulumi.yaml."""

STATE = PROJECT / ".linkmesh"
"""The only folder to which the project writes caches and state; git ignores it."""

TOOLCHAIN = STATE / "toolchain"
"""What is built once and shared by all sandboxes: programs and KWOK's stages."""

HOME_VARIABLE = "LINKMESH_SANDBOX_HOME"


class SandboxError(Exception):
    """Something that a person can mend; shown as one message without a traceback."""


@dataclass(frozen=True)
class Home:
    """The layout of one sandbox's folder."""

    root: Path
    """The folder itself, absolute."""

    def __post_init__(self) -> None:
        if not self.root.is_absolute():
            raise ValueError(
                f"a sandbox's home must be an absolute path (got {str(self.root)!r}). Its plugins "
                "are started in other folders. Use: Home(path.resolve())"
            )

    @property
    def bin(self) -> Path:
        """Programs that are first on the sandbox's PATH."""
        return self.root / "bin"

    @property
    def pulumi(self) -> Path:
        """PULUMI_HOME, with the plugins."""
        return self.root / "pulumi"

    @property
    def state(self) -> Path:
        """Pulumi's file backend."""
        return self.root / "state"

    @property
    def clusters(self) -> Path:
        """One folder for each cluster."""
        return self.root / "clusters"

    @property
    def aws(self) -> Path:
        """What the AWS emulation and the imitated provider keep."""
        return self.root / "aws"

    @property
    def logs(self) -> Path:
        """One log for each process."""
        return self.root / "logs"

    @property
    def processes(self) -> Path:
        """One record for each process that was started and outlives its starter."""
        return self.root / "processes"

    def cluster(self, name: str) -> Path:
        """Give the folder of one cluster."""
        return self.clusters / name

    def log(self, name: str) -> Path:
        """Give the log file of one process."""
        return self.logs / f"{name}.log"

    @classmethod
    def current(cls) -> Home:
        """Give the home that the environment names, as it does for plugins."""
        named = os.environ.get(HOME_VARIABLE)
        if not named:
            raise SandboxError(
                f"{HOME_VARIABLE} must name the running sandbox's folder (it is not set). "
                "Imitations work "
                'only inside of a sandbox. Start one and use its variables: eval "$(make env)"'
            )
        return cls(Path(named).resolve())


# What plugins have in their arguments that no program of the toolchain runs: the imitated ones, and
# the provider of dynamic resources, a script and its Python. An engine that is killed leaves them.
PLUGINS = ("from sandbox.plugins.", "/pulumi-resource-", "pulumi.dynamic")


def start_process(
    home: Home,
    name: str,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> int:
    """Start a process that outlives us, in its own session, logged and recorded by name."""
    home.logs.mkdir(parents=True, exist_ok=True)
    pid = spawn(argv, log=home.log(name), env=env, cwd=cwd)
    record = {"pid": pid, "started": started(pid)}
    write_atomically(home.processes / f"{name}.json", json.dumps(record))
    return pid


def running_pid(home: Home, name: str) -> int | None:
    """Give the id of a process that was started under this name and still runs."""
    try:
        record = json.loads((home.processes / f"{name}.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    pid = int(record["pid"])
    return pid if record["started"] is not None and started(pid) == record["started"] else None


def process_names(home: Home) -> list[str]:
    """Name the processes that were started and not ended by us, running or dead."""
    return sorted(path.stem for path in home.processes.glob("*.json"))


def end_process(home: Home, name: str) -> None:
    """End one process that we started, if it still runs; forget it."""
    pid = running_pid(home, name)
    if pid is not None:
        end_pids([pid])
    (home.processes / f"{name}.json").unlink(missing_ok=True)


def end_all(home: Home) -> None:
    """End whatever was started for this home: recorded processes, and programs that work in it."""
    recorded = [pid for name in process_names(home) if (pid := running_pid(home, name)) is not None]
    # Clusters first and at once: what they hold is thrown away, and a polite API server takes 10 s.
    end_pids(pids_working_in(home.root, TOOLCHAIN), patience_seconds=0)
    plugins = [pid for each in PLUGINS for pid in pids_with(each, (HOME_VARIABLE, home.root))]
    end_pids([*recorded, *plugins])
    for name in process_names(home):
        (home.processes / f"{name}.json").unlink(missing_ok=True)


def delete_home(home: Home) -> None:
    """End what runs for this home and delete the folder."""
    end_all(home)
    shutil.rmtree(home.root, ignore_errors=True)
    if home.root.exists():  # a log written between listing and deleting
        shutil.rmtree(home.root)


@contextmanager
def locked(home: Home, name: str) -> Iterator[None]:
    """Hold a lock of this home."""
    with lock_file(home.root / "locks" / name):
        yield


def clean(state: Path = STATE) -> None:
    """End everything of every sandbox below the project's state folder, and delete the folder."""
    if not state.is_dir():
        return
    for processes in sorted(state.rglob("processes")):
        end_all(Home(processes.parent))
    end_pids(pids_working_in(state, state / "toolchain"))
    shutil.rmtree(state, ignore_errors=True)
    if state.exists():
        # Go makes files of its module cache read-only; ours is not in here, but a user's may be.
        for folder, _, _ in os.walk(state):
            Path(folder).chmod(0o755)
        shutil.rmtree(state)
