"""Launch templates: another kind of node is another version."""

from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import Made, Program


def template(program: Program) -> Made:
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
    news = {**made.inputs, "tagSpecifications": []}

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


def test_a_wrong_template_is_refused(program: Program) -> None:
    program.refuses("'metadataOption' must be a property", "LaunchTemplate", metadataOption={})
