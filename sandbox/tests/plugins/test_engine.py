"""
The genuine engine and language host run a program with an imitated provider.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.clusters import cluster_names, delete_cluster
from sandbox.home import STATE, Home, delete_home
from sandbox.plugins_folder import write_plugins

pytestmark = pytest.mark.sandbox

KIND = """
import pulumi, pulumi_kind as kind
config = pulumi.Config()
cluster = kind.Cluster("west", name="west", wait_for_ready=True,
    node_image="kindest/node:v1.35.0", kubeconfig_path=config.require("path"),
    kind_config={"kind": "Cluster", "api_version": "kind.x-k8s.io/v1alpha4",
                 "nodes": [{"role": "control-plane"}, {"role": "worker"}]},
    opts=pulumi.ResourceOptions(
        additional_secret_outputs=["kubeconfig", "client_key", "client_certificate"]))
pulumi.export("kubeconfig", cluster.kubeconfig)
"""


@dataclass(frozen=True)
class Project:
    """A program, and the environment in which the engine runs it."""

    home: Home
    folder: Path

    def run(self, *command: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["pulumi", *command, "--non-interactive"],
            cwd=self.folder,
            env=variables(self.home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def write(self, program: str) -> None:
        (self.folder / "__main__.py").write_text(program)


def variables(home: Home) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    return {
        **kept,
        "PATH": f"{home.bin}:{sys.prefix}/bin:{kept['PATH']}",
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


def test_what_would_have_no_effect_is_refused_in_the_preview(project: Project) -> None:
    project.write(KIND.replace('"kind": "Cluster"', '"kind": "Cluster", "networking": {}'))
    project.run("config", "set", "path", "kubeconfig")

    output = project.run("preview", fails=True)

    assert "'kindConfig.networking' must be a property that the imitated provider knows" in output


def test_a_kind_cluster_is_made_found_unchanged_and_deleted(
    project: Project, tmp_path: Path
) -> None:
    project.write(KIND)
    project.run("config", "set", "path", str(tmp_path / "kubeconfig"))

    project.run("up", "--yes", "--skip-preview")
    project.run("preview", "--expect-no-changes")
    nodes = subprocess.run(
        ["kubectl", "--kubeconfig", tmp_path / "kubeconfig", "get", "nodes", "-o", "name"],
        env=variables(project.home),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    state = project.run("stack", "export")
    project.run("destroy", "--yes", "--skip-preview")

    assert nodes == ["node/west-control-plane", "node/west-worker"]
    assert "client-key-data" not in state
    assert "PRIVATE KEY" not in state
    assert cluster_names(project.home) == []
