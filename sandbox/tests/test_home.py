"""
A sandbox's home ends what it started, only that, and all of it.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.home import (
    HOME_VARIABLE,
    PROJECT,
    Home,
    SandboxError,
    clean,
    delete_home,
    end_all,
    end_process,
    process_names,
    start_process,
)
from sandbox.processes import started
from sandbox.tests.running import eventually

SLEEP = ["sleep", "60"]
# Takes no notice of a polite request, and says when it is ready to be asked.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); time.sleep(60)",
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    yield home
    delete_home(home)


def test_an_ended_process_is_gone_and_forgotten_also_if_it_had_died(home: Home) -> None:
    pid, short = start_process(home, "sleeper", SLEEP), start_process(home, "short", ["true"])
    eventually(lambda: started(short) is None)

    for name in ("sleeper", "short", "never"):
        end_process(home, name)

    assert started(pid) is None
    assert process_names(home) == []


def test_a_process_that_took_over_the_id_is_left_alone(home: Home) -> None:
    pid = start_process(home, "sleeper", SLEEP)
    record = home.processes / "sleeper.json"
    moment = started(pid)
    record.write_text(record.read_text().replace(str(moment), "1"))

    end_process(home, "sleeper")
    still_there = started(pid)
    os.kill(pid, 9)

    assert still_there == moment


def test_a_process_that_does_not_listen_is_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = start_process(home, "stubborn", STUBBORN)
    eventually(lambda: home.log("stubborn").read_text())
    monkeypatch.setattr("sandbox.processes.end_pids.__kwdefaults__", {"patience_seconds": 0.1})

    end_all(home)

    assert started(pid) is None


@pytest.mark.parametrize(
    "argument",
    [
        "from sandbox.plugins.kind import main",
        "bin/pulumi-resource-pulumi-python",
        "-m pulumi.dynamic",
    ],
)
def test_a_plugin_that_its_engine_left_behind_is_ended_and_a_shell_is_not(
    home: Home, argument: str
) -> None:
    environment = {**os.environ, HOME_VARIABLE: str(home.root)}
    program = f"import time; time.sleep(60)  # {argument}"
    with (
        subprocess.Popen([sys.executable, "-c", program], env=environment) as plugin,
        subprocess.Popen(SLEEP, env=environment) as shell,
    ):
        time.sleep(0.1)

        end_all(home)
        ended = plugin.poll() is not None or started(plugin.pid) is None
        left = started(shell.pid) is not None
        shell.kill()

    assert (ended, left) == (True, True)


def test_a_program_of_the_home_is_ended_though_nobody_recorded_it(home: Home) -> None:
    home.bin.mkdir(parents=True)
    shutil.copy("/bin/sleep", home.bin / "pulumi")
    with subprocess.Popen([str(home.bin / "pulumi"), "60"]) as engine:
        delete_home(home)

        assert engine.wait(timeout=60) != 0
    assert not home.root.exists()


def test_cleaning_ends_every_sandbox_and_deletes_the_state(tmp_path: Path) -> None:
    state = tmp_path / ".linkmesh"
    pids = [start_process(Home(state / name), "sleeper", SLEEP) for name in ("one", "two")]

    clean(state)

    assert [started(pid) for pid in pids] == [None, None]
    assert not state.exists()
    clean(state)  # nothing there is no error


def test_cleaning_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from pathlib import Path; "
        f"from sandbox.home import clean; clean(Path({str(tmp_path / 'none')!r}))"
    )

    # -S: no site-packages at all.
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_without_a_named_home_there_is_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)

    with pytest.raises(SandboxError) as refused:
        Home.current()
    assert str(refused.value) == (
        "LINKMESH_SANDBOX_HOME must name the running sandbox's folder (it is not set). Imitations "
        'work only inside of a sandbox. Start one and use its variables: eval "$(make env)"'
    )
