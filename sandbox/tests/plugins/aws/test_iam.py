"""Roles and attached policies."""

from __future__ import annotations

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Program, role, trust


def test_a_role_is_named_after_its_resource_and_keeps_that_name(program: Program) -> None:
    made = program.make("Role", "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"))

    program.change(made, description="for nodes", maxSessionDuration=7200, tags={"a": "b"})

    assert made["name"].startswith("nodes-")
    assert made["arn"] == f"arn:aws:iam::000000000000:role/{made['name']}"
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(made) == []
    program.destroy()


def test_trust_changes_in_place_and_its_layout_is_no_change(program: Program) -> None:
    made = program.make("Role", "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"))

    with pytest.raises(AssertionError, match="nothing would be changed"):
        program.change(made, assumeRolePolicy=trust("ec2.amazonaws.com").replace(" ", "  "))
    program.change(made, assumeRolePolicy=trust("eks.amazonaws.com"))

    assert "eks.amazonaws.com" in made["assumeRolePolicy"]


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("{", "'assumeRolePolicy' must be a JSON document"),
        ("{}", "must have a Statement"),
        ('{"Statement": [{"Effect": "Allow"}]}', "missing: Action, Principal"),
    ],
)
def test_a_malformed_trust_policy_is_refused(program: Program, policy: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        program.make("Role", assumeRolePolicy=policy)


def test_a_name_longer_than_64_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="'name' must have at most 64 characters"):
        program.make("Role", "n" * 60, assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_policy_that_does_not_exist_cannot_be_attached(program: Program) -> None:
    with pytest.raises(Refused, match="NoSuchEntity"):
        role(program, "nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolice")


def test_a_role_with_policies_cannot_be_deleted(program: Program) -> None:
    made = role(program, "nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")

    with pytest.raises(Refused, match="DeleteConflict"):
        program.delete(made)


def test_a_detached_policy_is_seen(program: Program) -> None:
    role(program, "nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
    attachment = program.made[-1]
    program.cloud.call(
        "iam",
        "detach_role_policy",
        RoleName=attachment["role"],
        PolicyArn=attachment["policyArn"],
    )

    assert program.drift(attachment) is None
