"""The sandbox's `aws`: who gets the administrator's token, and who does not."""

import json
import subprocess
import sys

import pytest

from sandbox.aws_cli import RefusedError, run
from sandbox.home import PROJECT
from sandbox.tests.plugins.aws.conftest import endpoint, kwok, program, region
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.fake_clusters import FakeClusters

__all__ = ["endpoint", "kwok", "program", "region"]  # fixtures

ROOT = "arn:aws:iam::000000000000:root"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
GET_TOKEN = ["eks", "get-token", "--cluster-name", "west"]


@pytest.fixture
def caller(program: Program, kwok: FakeClusters, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Give a program with a cluster, and the environment of the sandbox."""
    program.one("west")
    monkeypatch.setenv("AWS_ENDPOINT_URL", program.cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("LINKMESH_SANDBOX_HOME", str(program.cloud.home.root))
    monkeypatch.delenv("KUBERNETES_EXEC_INFO", raising=False)
    return program


def admit(program: Program, principal: str, policy: str = ADMIN) -> None:
    """Give a principal an access entry with rights."""
    program.make("admin", principalArn=principal)
    program.make("rights", principalArn=principal, policyArn=policy)


def test_a_caller_without_an_access_entry_is_refused(caller: Program) -> None:
    with pytest.raises(RefusedError, match=r"\(Unauthorized\): .*:root has no access entry"):
        run(GET_TOKEN)


def test_a_caller_with_lesser_rights_is_refused(caller: Program) -> None:
    admit(caller, ROOT, VIEW)

    with pytest.raises(RefusedError, match="has no AmazonEKSClusterAdminPolicy for the whole"):
        run(GET_TOKEN)


def test_an_unknown_cluster_or_region_is_refused_in_the_words_of_aws(caller: Program) -> None:
    admit(caller, ROOT)
    said = (
        r"An error occurred \(ResourceNotFoundException\) when calling the DescribeCluster "
        r"operation: No cluster found for name: {}\."
    )

    with pytest.raises(RefusedError, match=said.format("east")):
        run(["eks", "get-token", "--cluster-name", "east"])
    with pytest.raises(RefusedError, match=said.format("west")):
        run([*GET_TOKEN, "--region", "eu-west-3"])


def test_there_is_no_token_of_a_cluster_without_an_api_server(
    caller: Program, kwok: FakeClusters
) -> None:
    admit(caller, ROOT)
    kwok.nodes.pop("west")

    with pytest.raises(RefusedError, match="the API server of cluster west must run"):
        run(GET_TOKEN)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["s3", "ls"], "knows only: aws eks get-token"),
        (["eks", "get-token"], "the following arguments are required: --cluster-name"),
        ([*GET_TOKEN, "--profile", "mine"], "unrecognized arguments: --profile mine"),
    ],
)
def test_other_commands_are_refused(arguments: list[str], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refused:
        run(arguments)

    assert refused.value.status == 252


def test_with_a_role_it_is_the_role_that_needs_the_entry(caller: Program) -> None:
    service = caller.one("cluster-role")
    admit(caller, ROOT)

    with pytest.raises(RefusedError, match=f"{service['arn']} has no access entry"):
        run([*GET_TOKEN, "--role-arn", service["arn"]])

    admit(caller, service["arn"])

    assert json.loads(run([*GET_TOKEN, "--role-arn", service["arn"]]))["kind"] == "ExecCredential"


def test_on_the_real_aws_it_does_nothing(caller: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://eks.eu-west-1.amazonaws.com")

    with pytest.raises(RefusedError, match="AWS_ENDPOINT_URL must be an address on loopback"):
        run(GET_TOKEN)


def test_a_refusal_ends_as_the_aws_cli_ends_and_prints_no_credential(caller: Program) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r}); "
        "from sandbox.aws_cli import main; main()"
    )

    ended = subprocess.run(
        [sys.executable, "-I", "-c", code, *GET_TOKEN], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 254
    assert ended.stdout == ""
    assert "(Unauthorized)" in ended.stderr
    assert "Traceback" not in ended.stderr
