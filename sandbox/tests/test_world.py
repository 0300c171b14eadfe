"""
The world starts, says what it is, is described by variables, and ends without a trace.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sandbox.aws_api import PROCESS as AWS
from sandbox.clusters import create_cluster
from sandbox.home import (
    PROJECT,
    STATE,
    TOOLCHAIN,
    Home,
    SandboxError,
    delete_home,
    end_process,
    running_pid,
)
from sandbox.processes import end_pids, pids_working_in
from sandbox.settings import Settings
from sandbox.tests.running import eventually
from sandbox.world import Status, _check_aws_memory, start, status, stop, variables


def started_home(tmp_path: Path, **settings: object) -> Home:
    """Give a home that looks as if a sandbox had been started in it."""
    home = Home(tmp_path / "home")
    home.aws.mkdir(parents=True)
    (home.aws / "endpoint.json").write_text(json.dumps({"endpoint": "http://127.0.0.1:1"}))
    (home.root / "settings.json").write_text(json.dumps(settings))
    return home


def test_settings_name_folders_absolutely_and_leave_addresses_alone() -> None:
    here = Settings.from_environment(
        {
            "LINKMESH_PLUGINS": "p",
            "LINKMESH_CHARTS": "c",
            "LINKMESH_AWS_CHARTS": "https://aws.github.io/eks-charts",
            "LINKMESH_MIRROR": "off",
            "LINKMESH_BALANCERS": "off",
        }
    )

    assert Settings.from_environment({}) == Settings()
    assert here == Settings(
        plugins=str(Path("p").resolve()),
        charts=str(Path("c").resolve()),
        aws_charts="https://aws.github.io/eks-charts",
        mirror=False,
        balancers=False,
    )


def test_a_wrong_word_for_the_mirror_is_refused() -> None:
    with pytest.raises(SandboxError) as refused:
        Settings.from_environment({"LINKMESH_MIRROR": "false"})

    assert str(refused.value) == (
        "LINKMESH_MIRROR must be on or off (got 'false'). It says whether our imitation of the "
        "mirror controllers runs. Unset it, or: LINKMESH_MIRROR=off"
    )


def test_variables_lead_programs_into_the_sandbox(tmp_path: Path) -> None:
    home = started_home(tmp_path)
    told = variables(home, {"PATH": "/usr/bin"})

    assert told["PATH"].split(":") == [str(home.bin), str(Path(sys.executable).parent), "/usr/bin"]
    assert told["PULUMI_BACKEND_URL"] == f"file://{home.state}"
    assert told["PULUMI_HOME"] == str(home.pulumi)
    assert told["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert told["LINKMESH_SANDBOX_HOME"] == str(home.root)
    assert told["LINKMESH_CHARTS"] == str(PROJECT / "sandbox" / "charts")
    assert yaml.safe_load(Path(told["LINKMESH_CHART_VALUES"]).read_text()) == {
        "linkerd-control-plane": {"webhookFailurePolicy": "Ignore"}
    }


def test_nothing_of_the_users_own_comes_along(tmp_path: Path) -> None:
    theirs = ("AWS_PROFILE", "HELM_NAMESPACE", "PULUMI_ACCESS_TOKEN", "PULUMI_STACK")
    told = variables(
        started_home(tmp_path),
        {
            **dict.fromkeys(theirs, "theirs"),
            **dict.fromkeys(("KUBECONFIG", "HELM_CACHE_HOME"), "/home/me"),
            "NO_PROXY": "intra",
        },
    )

    assert not set(theirs) & set(told)
    for name in ("KUBECONFIG", "KUBECACHEDIR", "HELM_CACHE_HOME", "HELM_DATA_HOME"):
        assert told[name].startswith(str(tmp_path / "home"))
    assert told["NO_PROXY"] == "intra,127.0.0.1,localhost"


@pytest.mark.parametrize("name", ["charts", "aws_charts"])
def test_charts_chosen_at_the_start_are_meant_later_too(tmp_path: Path, name: str) -> None:
    home, variable = started_home(tmp_path, **{name: "/genuine"}), f"LINKMESH_{name.upper()}"

    assert variables(home, {})[variable] == "/genuine"
    assert variables(home, {variable: "/other"})[variable] == "/other"


def test_a_sandbox_that_was_not_started_has_no_variables(tmp_path: Path) -> None:
    home = Home(tmp_path)

    with pytest.raises(SandboxError) as refused:
        variables(home)
    assert str(refused.value) == (
        f"the sandbox in {tmp_path} must be started (it is not). There is nothing to point "
        "programs to. Start it: make start"
    )
    assert status(home) == Status(started=False)


@pytest.mark.parametrize(
    ("seen", "is_well"),
    [
        (Status(started=True, aws=True, controllers={"a": True}, clusters={"west": True}), True),
        (Status(started=False, aws=True), False),
        (Status(started=True, aws=False), False),
        (Status(started=True, aws=True, controllers={"a": True, "b": False}), False),
        (Status(started=True, aws=True, clusters={"west": True, "east": False}), False),
    ],
)
def test_all_is_well_only_if_everything_runs(seen: Status, is_well: bool) -> None:
    assert seen.is_well is is_well


def test_elsewhere_than_on_linux_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(SandboxError, match=r"the sandbox must run on Linux \(got darwin\)"):
        start(Home(tmp_path))


def test_an_aws_that_forgot_is_not_gone_on_with(tmp_path: Path) -> None:
    home = started_home(tmp_path)

    with pytest.raises(SandboxError, match="Begin anew: make stop start"):
        _check_aws_memory(home)


# What follows starts a genuine sandbox.

OURS_OFF = {"LINKMESH_MIRROR": "off", "LINKMESH_BALANCERS": "off"}


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    home = Home(STATE / "test-world")
    delete_home(home)
    start(home, say=lambda line: None, environment=OURS_OFF)
    yield home
    delete_home(home)
    assert not home.root.exists()


def command(home: Home, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *argv[:1], "--home", str(home.root), *argv[1:]],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


@pytest.mark.sandbox
def test_a_second_start_keeps_what_runs_and_says_what_is_genuine(home: Home) -> None:
    pid, said = running_pid(home, AWS), list[str]()

    start(home, say=said.append, environment=OURS_OFF)

    assert running_pid(home, AWS) == pid
    assert status(home) == Status(started=True, aws=True)
    assert said[1].startswith("  genuine:  Pulumi v3.259.0, its Python language host v3.78.1, ")
    assert said[2] == (
        "  imitated: nodes and pods (by KWOK: they say Running, nothing runs); AWS (by ministack); "
        "Pulumi plugins: aws, kind; Linkerd's charts; the load balancer controller's chart"
    )


@pytest.mark.sandbox
def test_a_start_brings_back_what_died(home: Home) -> None:
    create_cluster(home, "west")
    end_pids(pids_working_in(home.cluster("west"), TOOLCHAIN), patience_seconds=0)
    end_process(home, AWS)
    died = status(home)

    start(home, say=lambda line: None, environment=OURS_OFF)

    assert (died.aws, died.clusters) == (False, {"west": False})
    assert status(home).is_well


@pytest.mark.sandbox
def test_a_command_runs_with_the_variables_and_its_own_exit_code(home: Home) -> None:
    done = command(home, "run", "--", "sh", "-c", "echo $PULUMI_HOME; which pulumi; exit 7")

    assert done.stdout == f"{home.pulumi}\n{home.bin / 'pulumi'}\n"
    assert done.returncode == 7


@pytest.mark.sandbox
def test_a_shell_that_evaluates_env_is_in_the_sandbox(home: Home) -> None:
    printed = command(home, "env").stdout
    script = f"{printed}\necho $AWS_ENDPOINT_URL $(command -v aws)"

    done = subprocess.run(
        ["sh", "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "AWS_PROFILE": "x"},
    )

    assert done.stdout == f"{variables(home)['AWS_ENDPOINT_URL']} {home.bin / 'aws'}\n"


@pytest.mark.sandbox
def test_a_slip_is_one_message_without_a_traceback(home: Home) -> None:
    done = command(home, "run", "--", "no-such-program")

    assert done.returncode == 1
    assert done.stderr == "sandbox: 'no-such-program' must be a program (there is none).\n"


@pytest.mark.sandbox
def test_balancers_are_told_anew_when_others_begin_to_resolve_names() -> None:
    home = Home(STATE / "test-world-3")
    try:
        start(home, say=lambda line: None, environment={})
        by_name = running_pid(home, "balancers")
        start(home, say=lambda line: None, environment={"LINKMESH_MIRROR": "off"})
        by_address = running_pid(home, "balancers")
        argv = eventually(Path(f"/proc/{by_address}/cmdline").read_bytes).split(b"\0")
        assert by_name != by_address
        assert b"--addresses" in argv
    finally:
        stop(home)
