"""
The production environment through the genuine engine: three regions, everything protected.

One story, in order: it is up, it cannot be destroyed by accident, but on purpose.
"""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from linkmesh.stacks import load
from tests.environments.conftest import Sandbox

pytestmark = pytest.mark.sandbox(long=True)

ENVIRONMENT = load("prod").environment
TRUSTS_NO_ONE = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> Iterator[None]:
    """Bring it up, in an account that has the roles it names."""
    names = [entry.principal_arn.rpartition("/")[2] for entry in ENVIRONMENT.access]
    iam = account(sandbox, "iam")
    for name in names:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUSTS_NO_ONE)
    sandbox.mesh("up", "prod")
    yield
    for name in names:
        iam.delete_role(RoleName=name)


def account(sandbox: Sandbox, service: str) -> Any:
    """Speak to the emulated account."""
    session = botocore.session.get_session()
    return session.create_client(
        service,
        region_name="eu-west-1",
        endpoint_url=sandbox.variables["AWS_ENDPOINT_URL"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_a_cluster_exports_what_people_need(sandbox: Sandbox) -> None:
    output = json.loads(sandbox.pulumi("stack", "output", "--json", "-s", "prod.core").stdout)[
        "eks"
    ]

    assert output["supportEnd"] == "2027-03-27"
    assert output["certificateAuthorityExpiry"].endswith("Z")
    assert output["securityGroupId"].startswith("sg-")
    assert output["clusterRole"]
    assert output["nodeRole"]


def test_a_protected_cluster_is_not_destroyed(sandbox: Sandbox) -> None:
    done = sandbox.pulumi("destroy", "--stack", "prod.edge", "--yes", check=False)

    assert done.returncode != 0
    assert "protected" in done.stdout + done.stderr
    assert set(sandbox.clusters) == set(ENVIRONMENT.names)


def test_nothing_of_a_protected_environment_is_destroyed(sandbox: Sandbox) -> None:
    refused = sandbox.mesh("destroy", "prod", check=False)

    assert refused.returncode == 2
    assert "Nothing was destroyed" in refused.stderr


def test_every_link_and_mirror_is_healthy_across_three_regions(sandbox: Sandbox) -> None:
    """Also after what was refused."""
    assert len({cluster.region for cluster in ENVIRONMENT.eks}) == 3
    sandbox.healthy("prod")


def test_a_second_up_takes_protection_away_and_nothing_else_and_destroy_leaves_nothing(
    sandbox: Sandbox,
) -> None:
    path = sandbox.described("prod")
    was = path.read_text()
    path.write_text(was.replace("protect=True", "protect=False"))
    output = sandbox.mesh("up", "prod", "--all-stacks").stdout
    sandbox.mesh("destroy", "prod")
    path.write_text(was)

    left = sandbox.left_in([cluster.region for cluster in ENVIRONMENT.eks])
    assert output.splitlines()[-1].endswith(": 3 update.")  # deletion protection of each cluster
    assert sandbox.clusters == []
    assert left == ["global role on-call", "global role developers"]
