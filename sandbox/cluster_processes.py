"""
The processes of one cluster: kwokctl starts them, and what ends before the cluster is ready is
started again.

In a cluster of its own a kubelet does that. Some of these programs count on it: the controller
manager ends when the API server beside it takes more than ten seconds to become healthy, as it does
on a machine that is busy with something else.
"""

import os
import subprocess
import time
from pathlib import Path

from sandbox.cluster_folder import KWOKCTL_NAME, cluster_api, kwok_folder
from sandbox.home import TOOLCHAIN, Home, SandboxError
from sandbox.processes import last_words, pids_working_in

PROGRAMS = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok-controller",
)
"""What runs for each cluster, by the names of kwokctl's pid files."""

# One cluster takes 4 s, three at once on two cores 7 s; a machine that builds something meanwhile,
# ten times that.
CREATE_SECONDS = 120.0
READY_SECONDS = 180.0
PAUSE_SECONDS = 0.2

# A program that ends this often does so for a reason of its own.
MOST_STARTS = 5

# Pods are refused until the controllers made this account.
ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/default"


class StartError(SandboxError):
    """A cluster's processes did not come up, perhaps since somebody else took a port."""


def running_programs(home: Home, name: str) -> dict[str, int]:
    """Give the process id of each program of a cluster that runs."""
    ours = pids_working_in(home.cluster(name), TOOLCHAIN)
    files = {program: _pid_file(home, name, program) for program in PROGRAMS}
    noted = {program: int(file.read_text()) for program, file in files.items() if file.exists()}
    return {program: pid for program, pid in noted.items() if pid in ours}


def ended_programs(home: Home, name: str) -> list[str]:
    """Name the programs of a cluster that do not run."""
    running = running_programs(home, name)
    return [program for program in PROGRAMS if program not in running]


def await_ready(home: Home, name: str) -> None:
    """
    Wait until all programs of a cluster run and pods could be created.

    Raises:
        StartError: A program ends again and again, or nothing of that comes true in time.

    """
    until = time.monotonic() + READY_SECONDS
    starts = 0
    while True:
        ended = ended_programs(home, name)
        if ended and starts == MOST_STARTS:
            raise _not_ready(home, name, f"ended {MOST_STARTS} times: {', '.join(ended)}", ended)
        if ended:
            starts += 1
            _start_again(home, name, ended)
        elif _has_account(home, name):
            return
        if time.monotonic() > until:
            why = f"no default service account within {READY_SECONDS:.0f} s"
            raise _not_ready(home, name, why, ["kube-controller-manager"])
        time.sleep(PAUSE_SECONDS)


def kwokctl(home: Home, name: str, *command: str) -> None:
    """
    Run kwokctl on a cluster's folder.

    Raises:
        SandboxError: It was never built.
        StartError: It failed, or did not end in time.

    """
    program = TOOLCHAIN / "bin" / "kwokctl"
    if not program.exists():
        raise SandboxError(
            f"{program} must exist (it does not). Clusters are started with it. Build it: make "
            "toolchain"
        )
    # The user's own settings of kwokctl must not change our clusters.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KWOK_")}
    environment["KWOK_WORKDIR"] = str(home.cluster(name) / "kwok")
    environment["KUBECACHEDIR"] = str(home.cluster(name) / "kubectl-cache")
    options = ["--name", KWOKCTL_NAME, "--kubeconfig", ""]
    argv = [str(program), *command, *(options if command[0] == "create" else options[:2])]
    log = home.cluster(name) / "kwokctl.log"
    try:
        # In a session of its own: Ctrl-C is for whoever called us, and we then clear away.
        with log.open("ab") as output:
            subprocess.run(
                argv,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=CREATE_SECONDS,
                check=True,
                start_new_session=True,
            )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise StartError(
            f"cluster {name!r} must start (kwokctl {command[0]}: {_reason(error)}). The last it "
            f"said: {last_words(log)}\n"
            f"What its processes said is in {kwok_folder(home, name) / 'logs'}."
        ) from error


def _start_again(home: Home, name: str, ended: list[str]) -> None:
    for program in ended:
        # kwokctl takes the process of that number for the program, whoever's it is by now.
        _pid_file(home, name, program).unlink(missing_ok=True)
    kwokctl(home, name, "start", "cluster")


def _has_account(home: Home, name: str) -> bool:
    try:
        return cluster_api(home, name).get(ACCOUNT) is not None
    except (OSError, SandboxError):
        return False  # its server does not answer yet


def _not_ready(home: Home, name: str, why: str, programs: list[str]) -> StartError:
    logs = kwok_folder(home, name) / "logs"
    said = [f"{one}: {last_words(logs / f'{one}.log')}" for one in programs]
    return StartError(
        f"cluster {name!r} must become ready ({why}). The last they said: {'; '.join(said)}\n"
        f"What its processes said is in {logs}."
    )


def _pid_file(home: Home, name: str, program: str) -> Path:
    return kwok_folder(home, name) / "pids" / f"{program}.pid"


def _reason(error: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no end within {error.timeout:.0f} s"
    return f"exit code {error.returncode}"
