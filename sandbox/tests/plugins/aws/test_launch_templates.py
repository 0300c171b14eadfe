"""Launch templates: another kind of node is another version."""

from __future__ import annotations

import pytest

from sandbox.plugins.framework import UNKNOWN, Refused
from sandbox.tests.plugins.aws.programs import Made, Program


def template(program: Program, **inputs: object) -> Made:
    """Make a template of safe nodes."""
    return program.make(
        "LaunchTemplate",
        "nodes",
        updateDefaultVersion=True,
        metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 1},
        blockDeviceMappings=[
            {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 50, "encrypted": "true"}}
        ],
        tagSpecifications=[{"resourceType": "instance", "tags": {"a": "b"}}],
        **inputs,
    )


def test_a_change_of_nodes_is_a_new_default_version(program: Program) -> None:
    made = template(program)

    program.change(made, metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 2})

    assert (made["latestVersion"], made["defaultVersion"]) == (2, 2)
    assert program.drift(made) == []
    program.destroy()


def test_a_change_of_tags_is_none(program: Program) -> None:
    made = template(program)

    program.change(made, tags={"a": "b"})

    assert made["latestVersion"] == 1


def test_a_preview_knows_that_the_version_changes(program: Program) -> None:
    made = template(program)
    resource = program.resource(made)
    news = {**made.inputs, "ebsOptimized": "true"}

    foreseen = resource.update(
        made.id, made.inputs, made.state.outputs, news, preview=True, timeout=0
    ).outputs

    assert foreseen["latestVersion"] is UNKNOWN
    assert foreseen["arn"] == made["arn"]


def test_ministack_is_told_what_nodes_are_like(program: Program) -> None:
    made = template(program)

    [version] = program.cloud.call(
        "ec2", "describe_launch_template_versions", LaunchTemplateId=made.id
    )["LaunchTemplateVersions"]

    data = version["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert data["TagSpecifications"][0]["Tags"] == [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"userData": "no base64!"}, "'userData' must be base64"),
        ({"vpcSecurityGroupIds": ["sg-0123456789abcdef0"]}, r"InvalidGroup.NotFound"),
        ({"defaultVersion": 1}, "must not be set together"),
        ({"metadataOption": {}}, "'metadataOption' must be a property that"),
    ],
)
def test_a_wrong_template_is_refused(
    program: Program, inputs: dict[str, object], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        template(program, **inputs)


def test_a_disks_key_must_exist(program: Program) -> None:
    with pytest.raises(Refused, match="does not exist in eu-west-1"):
        program.make(
            "LaunchTemplate",
            blockDeviceMappings=[{"ebs": {"encrypted": "true", "kmsKeyId": "nothing"}}],
        )
