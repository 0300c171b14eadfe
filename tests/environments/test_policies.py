"""
The policy pack in the genuine engine, with a program that violates rules and one that does not.

Only previews: nothing is created. The pack runs from an environment of its own. The sandbox's
language host, of 2023, cannot start one; the script of that year can, and the engine uses it if
there is no language host. So the programs here are inline programs, which need none, as those of
`mesh` are.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments.conftest import Sandbox, run
from tests.project import PROJECT

pytestmark = pytest.mark.sandbox(passphrase=True)

# One value of which is not known in a preview, and must keep no rule from judging the others.
PROGRAM = """\
import sys

import pulumi
import pulumi_aws as aws
from pulumi import automation

HOPS, PACK = int(sys.argv[1]), sys.argv[2]


def program() -> None:
    west = pulumi.ResourceOptions(provider=aws.Provider("west", region="eu-west-1"))
    key = aws.kms.Key("key", enable_key_rotation=True, opts=west)
    aws.ec2.LaunchTemplate(
        "nodes",
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": HOPS},
        block_device_mappings=[{
            "device_name": "/dev/xvda",
            "ebs": {"encrypted": "true", "volume_size": 20},
        }],
        tags={"key": key.arn},
        opts=west,
    )


stack = automation.create_or_select_stack(f"hops-{HOPS}", "judged", program)
try:
    stack.preview(policy_packs=[PACK], on_output=print, color="never")
except automation.CommandError:
    sys.exit(1)
"""


@pytest.fixture(scope="module")
def path(sandbox: Sandbox) -> str:
    """Link all programs of the sandbox but the language host, and return the PATH with them."""
    folder = sandbox.home.root / "no-host"
    folder.mkdir()
    programs = Path(str(shutil.which("pulumi", path=sandbox.variables["PATH"]))).parent
    for each in programs.iterdir():
        if each.name != "pulumi-language-python":
            os.link(each.resolve(), folder / each.name)
    return sandbox.variables["PATH"].replace(str(programs), str(folder))


@pytest.fixture(scope="module")
def pack(sandbox: Sandbox) -> Path:
    """Install a copy of the pack."""
    folder = sandbox.home.root / "policies"
    ignored = shutil.ignore_patterns(".venv", "__pycache__")
    shutil.copytree(PROJECT / "policies", folder, ignore=ignored)
    subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=folder, check=True)
    options = ["--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt"]
    subprocess.run([".venv/bin/python", "-m", "pip", "install", *options], cwd=folder, check=True)
    return folder


def python(sandbox: Sandbox, path: str, folder: Path, *argv: str) -> tuple[int, str]:
    """Run a command of Python; return its code and what it prints."""
    variables = {**sandbox.variables, "PATH": path}
    done = run(sys.executable, *argv, folder=folder, variables=variables, check=False)
    return done.returncode, done.stdout + done.stderr


def preview(sandbox: Sandbox, path: str, pack: Path, *, hops: int) -> tuple[int, str]:
    """Preview the program under the pack."""
    (sandbox.home.root / "judged.py").write_text(PROGRAM)
    return python(sandbox, path, sandbox.home.root, "judged.py", str(hops), str(pack))


def test_a_program_that_violates_a_rule_is_stopped_with_its_name(
    sandbox: Sandbox, path: str, pack: Path
) -> None:
    code, output = preview(sandbox, path, pack, hops=2)

    assert code != 0, output
    assert "node-metadata-hop-limit" in output
    assert "the hop limit of the instance metadata must be 1 (got 2)" in output
    assert "node-disk-encrypted" not in output
    assert "can't run policy" not in output


def test_a_program_that_follows_the_rules_is_not_stopped(
    sandbox: Sandbox, path: str, pack: Path
) -> None:
    code, output = preview(sandbox, path, pack, hops=1)

    assert code == 0, output
    assert "linkmesh@v0.1.0" in output
    assert "[mandatory]" not in output


# One cluster of production that nothing protects.
SOLO = """\
from linkmesh.environment import Eks, Environment

ENVIRONMENT = Environment(
    clusters=[Eks("solo", region="eu-west-1", cidr="10.30.0.0/16")],
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
"""


def test_a_preview_of_an_environment_shows_policy_violations(
    sandbox: Sandbox, path: str, pack: Path
) -> None:
    (sandbox.project / "policies").symlink_to(pack)
    described = sandbox.described("prod")
    was = described.read_text()
    described.write_text(SOLO)
    comment = sandbox.project / "comment.md"

    mesh = ("-m", "linkmesh.cli", "preview", "prod", "--markdown", str(comment))
    code, output = python(sandbox, path, sandbox.project, *mesh)
    described.write_text(was)

    findings = comment.read_text().split("### Findings")[1]
    assert code == 1
    assert "mandatory policy eks-prod-protected: solo, solo: " in output
    assert "mandatory policies are broken: eks-prod-deletion-protection, eks-prod-protected" in (
        comment.read_text()
    )
    assert "- **mandatory** `eks-prod-protected` on `solo` (`prod.solo`)" in findings
    assert "policies were not run" not in comment.read_text()
