"""What a command costs: its own processes, all of them, and no other."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.bench import watching
from sandbox.bench.watching import (
    CommandFailedError,
    Seen,
    family,
    kind_of,
    measured,
    memory_mib,
    processes,
)

BUSY = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"


def test_a_family_is_a_process_and_all_its_descendants() -> None:
    parents = {1: 0, 2: 1, 3: 2, 4: 3, 5: 1, 6: 5}
    seen = {pid: Seen(parent, 1, 0.0) for pid, parent in parents.items()}

    assert family(2, seen) == {2, 3, 4}
    assert family(7, seen) == set()


def test_what_was_adopted_from_another_session_is_no_family() -> None:
    seen = {2: Seen(1, 1, 0.0), 3: Seen(2, 1, 0.0), 4: Seen(3, 4, 0.0), 5: Seen(2, 5, 0.0)}

    assert family(2, seen) == {2, 3, 4}


def test_processes_are_called_by_what_they_do() -> None:
    assert kind_of("/home/bin/pulumi --non-interactive preview --stack demo.west") == "engine"
    assert kind_of("python3 -I -c from sandbox.plugins.aws import main; main()") == "provider aws"
    assert kind_of("/plugins/pulumi-resource-aws 127.0.0.1:1234") == "provider aws"
    assert kind_of("python -m linkmesh.cli preview demo") == "mesh"
    assert kind_of("python -c from multiprocessing.forkserver import main; main()") == "program"
    assert kind_of("sleep 1") == "other"


def test_the_time_of_grandchildren_is_counted_and_waiting_is_not(tmp_path: Path) -> None:
    nested = (
        f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {BUSY!r}]);"
        "time.sleep(1)"
    )

    cost = measured([sys.executable, "-c", nested], cwd=tmp_path, env=os.environ)

    assert cost.cpu_seconds >= 0.3
    assert cost.seconds >= cost.cpu_seconds / 2 + 0.5


def test_the_time_of_what_ends_after_its_parent_is_counted(tmp_path: Path) -> None:
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"

    cost = measured([sys.executable, "-c", orphan], cwd=tmp_path, env=os.environ)

    assert cost.cpu_seconds >= 0.3


def test_what_is_meant_to_stay_is_not_waited_for(tmp_path: Path) -> None:
    stays = (
        "import subprocess; quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL};"
        "print(subprocess.Popen(['sleep', '60'], **quiet, start_new_session=True).pid)"
    )
    reaper = [*watching.REAPER, sys.executable, "-c", stays]

    done = subprocess.run(reaper, capture_output=True, text=True, timeout=30, check=True)

    os.kill(int(done.stdout), signal.SIGKILL)


def test_a_command_that_is_killed_has_the_exit_code_that_a_shell_gives() -> None:
    killed = [*watching.REAPER, "sh", "-c", "kill -9 $$"]

    assert subprocess.run(killed, check=False).returncode == 137


def test_the_memory_of_all_processes_is_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SAMPLE_SECONDS", 0.05)
    holds = "import time; text = bytearray(b'x' * 50 * 2**20); time.sleep(1)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}])"

    cost = measured([sys.executable, "-c", nested], cwd=tmp_path, env=os.environ)

    assert cost.mib >= 50
    assert cost.shares["other"].processes == 3  # with the one that waits for them


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    program = "import sys; sys.exit('it broke')"

    with pytest.raises(CommandFailedError, match=r"must succeed \(ended with 1\)[^$]*it broke"):
        measured([sys.executable, "-c", program], cwd=tmp_path, env=os.environ)


def test_we_are_among_the_processes_and_have_memory() -> None:
    assert processes()[os.getpid()].parent == os.getppid()
    assert (memory_mib(os.getpid()) or 0) > 1


def test_a_process_that_has_ended_has_no_memory() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert memory_mib(ended.pid) is None
