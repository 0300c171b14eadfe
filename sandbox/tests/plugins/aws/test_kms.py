"""Keys and aliases."""

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.tests.plugins.aws.programs import Program


def test_a_key_rotates_and_counts_as_gone_once_it_waits_for_its_end(program: Program) -> None:
    key = program.make("Key", enableKeyRotation=True, deletionWindowInDays=7, tags={"a": "b"})
    alias = program.make("Alias", name="alias/west", targetKeyId=key["keyId"])

    assert key["enableKeyRotation"] is True
    assert alias["targetKeyArn"] == key["arn"]
    assert program.drift(key) == []
    assert program.drift(alias) == []

    program.change(key, enableKeyRotation=None, tags=None, description="other")

    assert (key["enableKeyRotation"], key["description"]) == (False, "other")
    assert key["tagsAll"] == {"environment": "demo"}
    program.destroy()
    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []
    assert program.drift(key) is None


def test_windows_are_those_of_aws(program: Program) -> None:
    program.refuses("'deletionWindowInDays' must be one of", "Key", deletionWindowInDays=1)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("key", "must begin with alias/ and not with alias/aws/"),
        ("alias/aws/eks", "must begin with alias/ and not with alias/aws/"),
        ("alias/x", "NotFoundException"),
    ],
)
def test_a_wrong_alias_is_refused(program: Program, name: str, reason: str) -> None:
    program.refuses(reason, "Alias", name=name, targetKeyId="nothing")
