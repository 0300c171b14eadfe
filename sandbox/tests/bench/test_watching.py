"""What a command costs: its own processes, all of them, and no other."""

import os
import signal
import sys
from pathlib import Path

import pytest

from sandbox.bench import watching
from sandbox.bench.watching import CommandFailedError, Cost, kind_of, measured

BUSY = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"


def cost(program: str, folder: Path) -> Cost:
    """What a Python program costs."""
    return measured([sys.executable, "-c", program], cwd=folder, env=os.environ)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("/home/bin/pulumi --non-interactive preview --stack demo.west", "engine"),
        ("python3 -I -c from sandbox.plugins.aws import main; main()", "provider aws"),
        ("python -c from multiprocessing.forkserver import main; main()", "program"),
        ("sleep 1", "other"),
    ],
)
def test_processes_are_called_by_what_they_do(arguments: str, kind: str) -> None:
    assert kind_of(arguments) == kind


def test_the_time_of_grandchildren_is_counted_and_waiting_is_not(tmp_path: Path) -> None:
    nested = (
        f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {BUSY!r}]);"
        "time.sleep(1)"
    )
    taken = cost(nested, tmp_path)

    assert taken.cpu_seconds >= 0.3
    assert taken.seconds >= taken.cpu_seconds / 2 + 0.5


def test_the_time_of_what_ends_after_its_parent_is_counted(tmp_path: Path) -> None:
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"

    assert cost(orphan, tmp_path).cpu_seconds >= 0.3


def test_what_is_meant_to_stay_is_not_waited_for(tmp_path: Path) -> None:
    stays = (
        "import subprocess; from pathlib import Path; "
        "quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL};"
        "pid = subprocess.Popen(['sleep', '600'], **quiet, start_new_session=True).pid;"
        "Path('pid').write_text(str(pid))"
    )
    taken = cost(stays, tmp_path)
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)

    assert taken.seconds < 600


def test_the_memory_of_all_processes_is_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SAMPLE_SECONDS", 0.05)
    holds = "import time; text = bytearray(b'x' * 50 * 2**20); time.sleep(1)"
    taken = cost(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}])", tmp_path
    )

    assert taken.mib >= 50
    assert taken.shares["other"].processes == 2


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match=r"must succeed \(ended with 1\)[^$]*it broke"):
        cost("import sys; sys.exit('it broke')", tmp_path)
