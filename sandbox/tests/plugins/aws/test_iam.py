"""Roles, the policies inside of them, and those attached to them."""

import json

import pytest

from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import TOKENS, Made, Program, role, trust


def policy(*actions: str, resource: str = "*") -> str:
    """Write a policy that allows actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role_of(program: Program) -> Made:
    """Make a role."""
    return program.make("Role", "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_role_is_named_after_its_resource_and_has_that_name_for_good(program: Program) -> None:
    made = role_of(program)

    program.change(made, tags={"a": "b"})

    assert made["name"].startswith("nodes-")
    assert made["arn"] == f"arn:aws:iam::000000000000:role/{made['name']}"
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(made) == []
    program.destroy()


def test_trust_changes_in_place_and_its_layout_is_no_change(program: Program) -> None:
    made = role_of(program)

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
    program.refuses(reason, "Role", assumeRolePolicy=policy)


def test_a_name_longer_than_64_is_refused(program: Program) -> None:
    reason = "'name' must have at most 64 characters"

    program.refuses(reason, "Role", "n" * 60, assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_policy_that_does_not_exist_cannot_be_attached(program: Program) -> None:
    with pytest.raises(Refused, match="NoSuchEntity"):
        role(program, "nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolice")


def test_a_role_with_policies_cannot_be_deleted(program: Program) -> None:
    attached = role(program, "nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
    [attachment] = [each for each in program.made if each.kind == "RolePolicyAttachment"]
    inside = role_of(program)
    program.make("RolePolicy", role=inside["name"], policy=policy("logs:*"))

    for made in (attached, inside):
        with pytest.raises(Refused, match="DeleteConflict"):
            program.delete(made)

    wanted = {"RoleName": attachment["role"], "PolicyArn": attachment["policyArn"]}
    program.cloud.call("iam", "detach_role_policy", **wanted)
    assert program.drift(attachment) is None
    program.delete(attached)


def test_a_policy_inside_of_a_role_is_made_changed_and_deleted(program: Program) -> None:
    owner = role_of(program)
    made = program.make("RolePolicy", "write", role=owner["name"], policy=policy("logs:*"))

    program.change(made, policy=policy("logs:PutLogEvents"))

    assert made.id == f"{owner['name']}:{made['name']}"
    assert program.drift(made) == []
    assert program.replaces(made, role="other") == ["role"]
    named = {"RoleName": owner["name"], "PolicyName": made["name"]}
    program.cloud.call("iam", "put_role_policy", PolicyDocument=policy("iam:*"), **named)
    assert program.drift(made) == ["policy"]
    program.destroy()


def test_a_wrong_policy_is_refused(program: Program) -> None:
    owner = role_of(program)["name"]
    long = policy(*(f"ec2:{'a' * 90}{number}" for number in range(70)))

    for inputs, reason in (
        ({"policy": policy("ec2:*", resource="all")}, "Resource must be an ARN"),
        ({"policy": "{"}, "must be a JSON document"),
        ({"policy": policy("ec2:*"), "name": "a b"}, "'name' must have letters"),
        ({"policy": policy("ec2:*"), "role": "nobody"}, "NoSuchEntity"),
    ):
        program.refuses(reason, "RolePolicy", **{"role": owner, **inputs})
    program.make("RolePolicy", "a", role=owner, policy=long)
    reason = "Maximum policy size of 10240 bytes exceeded for role"
    program.refuses(reason, "RolePolicy", "b", role=owner, policy=long)


def test_an_unknown_policy_is_no_mistake_in_a_preview(program: Program) -> None:
    resource = TYPES[TOKENS["RolePolicy"]](program.cloud)

    checked = resource.check({"role": UNKNOWN, "policy": UNKNOWN, "name": "a"}, None)

    assert checked["policy"] is UNKNOWN
