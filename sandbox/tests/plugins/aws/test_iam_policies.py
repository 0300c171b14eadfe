"""Policies of the account's own."""

from __future__ import annotations

import json

import pytest

from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.framework import UNKNOWN, Refused
from sandbox.tests.plugins.aws.programs import TOKENS, Made, Program, trust


def policy(*actions: str, resource: str = "*") -> str:
    """Write a policy that allows actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role_of(program: Program) -> Made:
    """Make a role."""
    return program.make("Role", "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_policy_is_made_changed_and_deleted(program: Program) -> None:
    made = program.make("Policy", "read", policy=policy("ec2:Describe*"), tags={"a": "b"})

    program.change(made, policy=policy("ec2:*"), tags=None)

    assert made.id == made["arn"] == f"arn:aws:iam::000000000000:policy/{made['name']}"
    assert made["name"].startswith("read-")
    assert "ec2:*" in made["policy"]
    assert made["tagsAll"] == {"environment": "demo"}
    assert program.drift(made) == []
    program.destroy()
    assert program.cloud.call("iam", "list_policies", Scope="Local")["Policies"] == []


def test_the_layout_of_a_policy_is_no_change(program: Program) -> None:
    made = program.make("Policy", policy=policy("ec2:Describe*"))

    with pytest.raises(AssertionError, match="nothing would be changed"):
        program.change(made, policy=policy("ec2:Describe*").replace(" ", "\n  "))


def test_each_change_is_a_new_default_version_and_five_are_kept(program: Program) -> None:
    made = program.make("Policy", policy=policy("ec2:A0"))

    for number in range(1, 7):
        program.change(made, policy=policy(f"ec2:A{number}"))

    versions = program.cloud.call("iam", "list_policy_versions", PolicyArn=made.id)["Versions"]
    assert [each["VersionId"] for each in versions] == ["v3", "v4", "v5", "v6", "v7"]
    assert [each["VersionId"] for each in versions if each["IsDefaultVersion"]] == ["v7"]
    assert "ec2:A6" in made["policy"]


def test_name_path_and_description_replace_a_policy(program: Program) -> None:
    made = program.make("Policy", policy=policy("ec2:*"), path="/eks/")

    assert program.replaces(made, path="/other/") == ["path"]
    assert program.replaces(made, description="new") == ["description"]
    assert ":policy/eks/" in made.id


def test_a_policy_of_more_than_6144_characters_is_refused(program: Program) -> None:
    long = policy(*(f"ec2:{'a' * 90}{number}" for number in range(70)))

    with pytest.raises(Refused, match="Cannot exceed quota for PolicySize: 6144"):
        program.make("Policy", policy=long)
    program.make("Policy", policy=policy("ec2:*") + " " * 7000)


@pytest.mark.parametrize("kind", ["Policy", "RolePolicy"])
def test_what_is_no_policy_is_refused(program: Program, kind: str) -> None:
    inputs = {"role": role_of(program)["name"]} if kind == "RolePolicy" else {}

    with pytest.raises(Refused, match="Resource must be an ARN"):
        program.make(kind, policy=policy("ec2:*", resource="all"), **inputs)
    with pytest.raises(Refused, match="must be a JSON document"):
        program.make(kind, policy="{", **inputs)
    with pytest.raises(Refused, match="'name' must have letters"):
        program.make(kind, policy=policy("ec2:*"), name="a b", **inputs)


def test_an_unknown_policy_is_no_mistake_in_a_preview(program: Program) -> None:
    resource = TYPES[TOKENS["RolePolicy"]](program.cloud)

    checked = resource.check({"role": UNKNOWN, "policy": UNKNOWN, "name": "a"}, None)

    assert checked["policy"] is UNKNOWN


def test_an_attached_policy_cannot_be_deleted(program: Program) -> None:
    made = program.make("Policy", policy=policy("ec2:*"))
    attachment = program.make(
        "RolePolicyAttachment", role=role_of(program)["name"], policyArn=made["arn"]
    )

    with pytest.raises(Refused, match="DeleteConflict"):
        program.delete(made)
    program.delete(attachment)
    program.delete(made)


def test_a_deleted_policy_is_seen(program: Program) -> None:
    made = program.make("Policy", policy=policy("ec2:*"))

    program.cloud.call("iam", "delete_policy", PolicyArn=made.id)

    assert program.drift(made) is None


def test_a_policy_inside_of_a_role_is_made_changed_and_deleted(program: Program) -> None:
    owner = role_of(program)
    made = program.make("RolePolicy", "write", role=owner["name"], policy=policy("logs:*"))

    program.change(made, policy=policy("logs:PutLogEvents"))

    assert made.id == f"{owner['name']}:{made['name']}"
    assert program.drift(made) == []
    assert program.replaces(made, role="other") == ["role"]
    program.destroy()


def test_a_changed_policy_inside_of_a_role_is_seen(program: Program) -> None:
    owner = role_of(program)
    made = program.make("RolePolicy", role=owner["name"], policy=policy("logs:*"))

    program.cloud.call(
        "iam",
        "put_role_policy",
        RoleName=owner["name"],
        PolicyName=made["name"],
        PolicyDocument=policy("iam:*"),
    )

    assert program.drift(made) == ["policy"]


def test_a_role_with_a_policy_inside_cannot_be_deleted_unless_forced(program: Program) -> None:
    owner = role_of(program)
    program.make("RolePolicy", role=owner["name"], policy=policy("logs:*"))

    with pytest.raises(Refused, match="DeleteConflict"):
        program.delete(owner)
    program.change(owner, forceDetachPolicies=True)
    program.delete(owner)


def test_policies_inside_of_a_role_have_10240_characters_together(program: Program) -> None:
    owner = role_of(program)
    long = policy(*(f"ec2:{'a' * 90}{number}" for number in range(70)))
    program.make("RolePolicy", "a", role=owner["name"], policy=long)

    with pytest.raises(Refused, match="Maximum policy size of 10240 bytes exceeded for role"):
        program.make("RolePolicy", "b", role=owner["name"], policy=long)


def test_a_policy_inside_of_a_role_that_does_not_exist_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="NoSuchEntity"):
        program.make("RolePolicy", role="nobody", policy=policy("logs:*"))
