"""
The genuine engine, language host and tls provider run programs beside our kind provider.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.clusters import cluster_names, delete_cluster
from sandbox.home import STATE, Home, delete_home
from sandbox.plugins_folder import write_plugins

pytestmark = pytest.mark.sandbox

IDENTITIES = """
import pulumi, pulumi_tls as tls
print("the program speaks")
key = tls.PrivateKey("root", algorithm="ECDSA", ecdsa_curve="P256")
root = tls.SelfSignedCert("root", private_key_pem=key.private_key_pem, is_ca_certificate=True,
    allowed_uses=["cert_signing"], validity_period_hours=10, subject={"common_name": "root"})
for n in range(4):
    own = tls.PrivateKey(f"i{n}", algorithm="ECDSA", ecdsa_curve="P256")
    request = tls.CertRequest(f"i{n}", private_key_pem=own.private_key_pem)
    issued = tls.LocallySignedCert(f"i{n}", cert_request_pem=request.cert_request_pem,
        ca_cert_pem=root.cert_pem, ca_private_key_pem=key.private_key_pem,
        allowed_uses=["cert_signing"], validity_period_hours=5)
pulumi.export("certificate", issued.cert_pem)
pulumi.export("key", own.private_key_pem)
"""
KIND = """
import pulumi, pulumi_kind as kind
config = pulumi.Config()
cluster = kind.Cluster("west", wait_for_ready=True, kubeconfig_path=config.require("path"),
    kind_config={"kind": "Cluster", "api_version": "kind.x-k8s.io/v1alpha4",
                 "nodes": [{"role": "control-plane"}, {"role": "worker"}]},
    opts=pulumi.ResourceOptions(
        additional_secret_outputs=["kubeconfig", "client_key", "client_certificate"]))
pulumi.export("name", cluster.name)
pulumi.export("kubeconfig", cluster.kubeconfig)
"""


@dataclass(frozen=True)
class Project:
    """A program, and the environment in which the engine runs it."""

    home: Home
    folder: Path

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["pulumi", *command, "--non-interactive"],
            cwd=self.folder,
            env=variables(self.home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, fails: bool = False) -> str:
        process = self.start(*command)
        output, _ = process.communicate()
        assert (process.returncode != 0) == fails, output
        return output

    def write(self, program: str) -> None:
        (self.folder / "__main__.py").write_text(program)


def variables(home: Home) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    return {
        **kept,
        "PATH": f"{home.bin}:{kept['PATH']}",
        "PULUMI_HOME": str(home.pulumi),
        "PULUMI_BACKEND_URL": home.state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "NO_COLOR": "1",
        "CI": "1",
    }


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    home = Home(STATE / "test-engine")
    delete_home(home)
    home.state.mkdir(parents=True)
    write_plugins(home, None)
    yield home
    for name in cluster_names(home):
        delete_cluster(home, name)
    delete_home(home)


@pytest.fixture
def project(home: Home, tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    name = request.node.name.replace("_", "-")[:60]
    options = {"toolchain": "pip", "virtualenv": sys.prefix}
    runtime = {"name": "python", "options": options}
    (tmp_path / "Pulumi.yaml").write_text(json.dumps({"name": name, "runtime": runtime}))
    project = Project(home, tmp_path)
    project.run("stack", "init", "dev")
    return project


def test_a_stack_lives_its_whole_life_and_its_keys_stay_secret(project: Project) -> None:
    project.write(IDENTITIES)

    preview = project.run("preview")
    up = project.run("up", "--yes", "--skip-preview")
    again = project.run("preview", "--expect-no-changes")
    refreshed = project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    state = project.run("stack", "export")
    destroyed = project.run("destroy", "--yes", "--skip-preview")

    assert "+ 15 to create" in preview
    assert "the program speaks" in up
    assert "15 unchanged" in again
    assert "15 unchanged" in refreshed
    assert "PRIVATE KEY" not in state
    assert "- 15 deleted" in destroyed
    assert "warning" not in up


def test_an_error_made_for_the_user_is_told_without_a_traceback(project: Project) -> None:
    project.write("import pulumi\nraise pulumi.RunError('set the region')\n")

    output = project.run("preview", fails=True)

    assert "error: set the region" in output
    assert "program exited with non-zero exit code: 1" in output
    assert "Traceback" not in output


def test_a_mistake_in_the_program_is_told_with_the_users_own_lines(project: Project) -> None:
    project.write("def helper():\n    raise ValueError('boom')\nhelper()\n")

    output = project.run("preview", fails=True)

    assert "error: Program failed with an unhandled exception:" in output
    assert "ValueError: boom" in output
    assert "exit code" not in output


def test_a_program_that_exits_is_told_by_its_code(project: Project) -> None:
    project.write("import sys\nprint('on its way', file=sys.stderr)\nsys.exit(7)\n")

    output = project.run("preview", fails=True)

    assert "on its way" in output
    assert "program exited with non-zero exit code: 7" in output


def test_a_missing_program_is_named(project: Project) -> None:
    output = project.run("preview", fails=True)

    where = project.folder
    assert f"unable to find main python program `__main__.py` in `{where}`" in output


def test_the_program_does_not_see_our_modules(project: Project) -> None:
    project.write("import sys\nprint('path:', [p for p in sys.path if 'plugins' in p], 'end')\n")

    assert "path: [] end" in project.run("preview")


def test_an_unknown_property_is_refused_in_the_preview(project: Project) -> None:
    project.write(
        "import pulumi\n"
        "class Key(pulumi.CustomResource):\n"
        "    def __init__(self):\n"
        "        props = {'algorithm': 'RSA', 'curve': 'P256'}\n"
        "        super().__init__('tls:index/privateKey:PrivateKey', 'k', props)\n"
        "import pulumi_tls\n"
        "Key()\n"
    )

    output = project.run("preview", fails=True)

    assert "'curve' must be a property that the imitated provider knows (it does not)." in output


def test_ctrl_c_ends_everything_without_a_traceback(project: Project) -> None:
    project.write("import time\nprint('it sleeps', flush=True)\ntime.sleep(60)\n")
    process = project.start("up", "--yes", "--skip-preview")
    assert process.stdout is not None
    said = ""
    while "it sleeps" not in said:
        said += process.stdout.readline()

    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=120)

    assert "update canceled" in rest
    assert "Traceback" not in rest
    assert time.monotonic() - asked < 10
    assert process.returncode != 0


def test_a_kind_cluster_is_made_found_unchanged_and_deleted(
    project: Project, tmp_path: Path
) -> None:
    project.write(KIND)
    project.run("config", "set", "path", str(tmp_path / "kubeconfig"))

    project.run("up", "--yes", "--skip-preview")
    project.run("preview", "--expect-no-changes")
    name = project.run("stack", "output", "name").strip()
    nodes = subprocess.run(
        ["kubectl", "--kubeconfig", tmp_path / "kubeconfig", "get", "nodes", "-o", "name"],
        env=variables(project.home),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    state = project.run("stack", "export")
    project.run("destroy", "--yes", "--skip-preview")

    assert name.startswith("west-")
    assert nodes == [f"node/{name}-control-plane", f"node/{name}-worker"]
    assert "client-key-data" not in state
    assert "PRIVATE KEY" not in state
    assert name not in cluster_names(project.home)
