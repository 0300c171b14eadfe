"""
The example program, which imports the installed distribution, on the genuine engine.

It runs in a virtual environment of its own with a wheel of linkmesh and its dependencies; nothing
of this project's environment can be imported there. The tests run in order.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.environments.conftest import Sandbox, eventually, run
from tests.project import PROJECT
from tests.test_packaging import build_wheel

pytestmark = pytest.mark.sandbox

STACK = "trial"


class Program:
    """A copy of the example in a folder of its own, and the commands on it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder

    def pulumi(self, *argv: str, given: str | None = None) -> str:
        """Run `pulumi` on the program."""
        command = ("pulumi", *argv, "--non-interactive", "--color=never", "--stack", STACK)
        return run(*command, folder=self.folder, variables=self._variables, given=given).stdout

    @property
    def _variables(self) -> dict[str, str]:
        """The sandbox's, as in the activated virtual environment of the program."""
        inside = self.sandbox.variables
        return {**inside, "PATH": f"{self.folder / '.venv' / 'bin'}:{inside['PATH']}"}

    def python(self, program: str) -> str:
        """Run a line of Python in the program's virtual environment."""
        done = subprocess.run(
            [str(self.folder / ".venv" / "bin" / "python"), "-I", "-c", program],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip() + done.stderr.strip()


@pytest.fixture(scope="module")
def program(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = sandbox.home.root / "other-program"
    shutil.copytree(
        PROJECT / "examples" / "other-program",
        folder,
        ignore=shutil.ignore_patterns(".venv", "__pycache__", "Pulumi.*.yaml"),
    )
    wheel = build_wheel(tmp_path_factory.mktemp("wheel"))
    (folder / "requirements.txt").write_text(f"linkmesh[aws] @ {wheel.as_uri()}\n")
    _install(folder)
    return Program(sandbox, folder)


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox, program: Program) -> Iterator[None]:
    office = sandbox.create_cluster("office", [f"office-{number}" for number in range(3)])
    program.pulumi("stack", "init", "--secrets-provider", sandbox.secrets_provider)
    settings = [f"--plaintext={key}={value}" for key, value in _settings(sandbox).items()]
    program.pulumi("config", "set-all", "--path", *settings)
    program.pulumi("config", "set", "--secret", "officeKubeconfig", given=office.read_text())
    program.pulumi("up", "--yes", "--skip-preview")
    yield
    # Tests of other files share the sandbox, and count its clusters.
    sandbox.delete_cluster("office")


def _install(folder: Path) -> None:
    """Make the virtual environment, with the versions that this project pins."""
    subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=folder, check=True)
    pins = folder / "constraints.txt"
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    pins.write_text("\n".join(line for line in lines if not line.startswith("./")))
    options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    files = ["--constraint", str(pins), "--requirement", "requirements.txt"]
    subprocess.run(
        [".venv/bin/python", "-m", "pip", "install", *options, *files], cwd=folder, check=True
    )


def _settings(sandbox: Sandbox) -> dict[str, str]:
    variables = sandbox.variables
    values = yaml.safe_load(Path(variables["LINKMESH_CHART_VALUES"]).read_text())
    policy = values["linkerd-control-plane"]["webhookFailurePolicy"]
    return {
        "administrator": "arn:aws:iam::000000000000:root",
        "officeBlocks[0]": "198.51.100.10/32",
        "charts": variables["LINKMESH_CHARTS"],
        "awsCharts": variables["LINKMESH_AWS_CHARTS"],
        "chartValues.linkerd-control-plane.webhookFailurePolicy": policy,
    }


def test_the_program_sees_linkmesh_and_nothing_of_this_project(program: Program) -> None:
    found = program.python("import linkmesh; print(linkmesh.__file__)")

    assert found.startswith(str(program.folder / ".venv"))
    for name in ("components", "stacks", "cli", "sandbox", "tests", "pytest"):
        assert "ModuleNotFoundError" in program.python(f"import {name}")


def test_the_service_can_be_called_from_the_existing_cluster(
    sandbox: Sandbox, program: Program
) -> None:
    def mirrored() -> bool:
        services = sandbox.objects("office", "services", "-n", "shop")
        return [each["metadata"]["name"] for each in services] == ["orders-cloud"]

    assert eventually(mirrored)
    url = json.loads(program.pulumi("stack", "output", "--json"))["orders"]
    assert url == "http://orders-cloud.shop.svc.cluster.local:80"


def test_states_name_the_same_types_as_those_of_linkmesh_itself(program: Program) -> None:
    exported = json.loads(program.pulumi("stack", "export"))
    types = {resource["type"] for resource in exported["deployment"]["resources"]}

    assert {"linkmesh:index:Mesh", "linkmesh:index:EksCluster", "linkmesh:index:Link"} <= types


def test_a_second_preview_is_clean(program: Program) -> None:
    program.pulumi("preview", "--expect-no-changes")


def test_destroy_deletes_the_mirror_and_leaves_the_existing_cluster(
    sandbox: Sandbox, program: Program
) -> None:
    program.pulumi("destroy", "--yes", "--skip-preview")

    assert sandbox.clusters == ["office"]
    assert (
        sandbox.objects("office", "services", "-A", "-l", "mirror.linkerd.io/mirrored-service")
        == []
    )
    assert sandbox.left_in(["eu-west-1"]) == []
