"""The processes of one cluster, on a genuine one."""

import os
from collections.abc import Iterator

import pytest

from sandbox import cluster_processes
from sandbox.cluster_folder import cluster_api, kwok_folder
from sandbox.cluster_processes import (
    ACCOUNT,
    StartError,
    await_ready,
    ended_programs,
    running_programs,
)
from sandbox.clusters import create_cluster
from sandbox.home import STATE, TOOLCHAIN, Home, delete_home
from sandbox.processes import end_pids, pids_working_in

NAME = "alone"


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    home = Home(STATE / "test-cluster-processes")
    delete_home(home)
    create_cluster(home, NAME)
    yield home
    delete_home(home)
    assert pids_working_in(home.root, TOOLCHAIN) == []


def end(home: Home, *programs: str) -> None:
    running = running_programs(home, NAME)
    end_pids([running[program] for program in programs], patience_seconds=0)


@pytest.mark.sandbox
def test_a_controller_manager_that_gave_up_is_started_again(home: Home) -> None:
    # As when the API server beside it is slow: it ends, and the account is never made.
    api = cluster_api(home, NAME)
    end(home, "kube-controller-manager")
    api.delete(ACCOUNT)
    before = api.get(ACCOUNT)

    await_ready(home, NAME)

    assert before is None
    assert api.get(ACCOUNT) is not None
    assert ended_programs(home, NAME) == []


@pytest.mark.sandbox
def test_a_program_whose_number_somebody_else_has_by_now_is_started_again(home: Home) -> None:
    end(home, "kube-scheduler")
    (kwok_folder(home, NAME) / "pids" / "kube-scheduler.pid").write_text(str(os.getpid()))

    await_ready(home, NAME)

    assert ended_programs(home, NAME) == []


@pytest.mark.sandbox
def test_a_program_that_always_ends_is_named_with_what_it_said(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_processes, "PAUSE_SECONDS", 2.0)
    configuration = kwok_folder(home, NAME) / "kwok.yaml"
    sound = configuration.read_text()
    configuration.write_text(sound.replace("--leader-elect=false", "--no-such-switch"))
    end(home, "kube-scheduler")

    with pytest.raises(StartError) as refused:
        await_ready(home, NAME)
    configuration.write_text(sound)
    await_ready(home, NAME)

    said = str(refused.value)
    assert "cluster 'alone' must become ready (ended 5 times: kube-scheduler)" in said
    assert "unknown flag: --no-such-switch" in said
