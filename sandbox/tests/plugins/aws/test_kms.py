"""Keys and aliases."""

from __future__ import annotations

import json

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Program

ROOT = "arn:aws:iam::000000000000:root"


def policy(**statement: object) -> str:
    """Make a policy of one statement."""
    return json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


def test_a_key_rotates_and_counts_as_gone_once_it_waits_for_its_end(program: Program) -> None:
    key = program.make("Key", enableKeyRotation=True, deletionWindowInDays=7, description="d")
    alias = program.make("Alias", targetKeyId=key["keyId"])

    assert key["enableKeyRotation"] is True
    assert alias["name"].startswith("alias/it-")
    assert alias["targetKeyArn"] == key["arn"]
    assert program.drift(key) == []
    assert program.drift(alias) == []

    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []
    assert program.drift(key) is None


def test_rotation_and_tags_change_in_place(program: Program) -> None:
    key = program.make("Key", enableKeyRotation=True, tags={"a": "b"})

    program.change(key, enableKeyRotation=None, tags=None, description="other")

    assert key["enableKeyRotation"] is False
    assert key["description"] == "other"
    assert key["tagsAll"] == {"environment": "demo"}


def test_a_policy_that_locks_everybody_out_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="will not allow you to update the key policy"):
        program.make("Key", policy=policy(Principal={"AWS": ROOT}, Action="kms:Decrypt"))

    program.make("Key", policy=policy(Principal={"AWS": ROOT}, Action="kms:*"))


def test_windows_and_periods_are_those_of_aws(program: Program) -> None:
    with pytest.raises(Refused, match="'deletionWindowInDays' must be 7 to 30"):
        program.make("Key", deletionWindowInDays=1)


@pytest.mark.parametrize("name", ["key", "alias/aws/eks"])
def test_an_alias_must_begin_right(program: Program, name: str) -> None:
    key = program.make("Key")

    with pytest.raises(Refused, match="must begin with alias/ and not with alias/aws/"):
        program.make("Alias", name=name, targetKeyId=key["keyId"])


def test_an_alias_of_no_key_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="NotFoundException"):
        program.make("Alias", name="alias/x", targetKeyId="nothing")
