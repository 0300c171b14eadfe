"""
Launch templates: each change of what nodes are like makes a new version.

ministack drops some fields of a block device, and changes of tags.
"""

from typing import Any, ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, name_up_to
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

DATA: dict[str, Any] = {
    "blockDeviceMappings": [
        Schema(
            optional={
                "deviceName": str,
                "ebs": Schema(
                    optional={
                        "deleteOnTermination": {"true"},
                        "encrypted": {"true"},
                        "volumeSize": int,
                        "volumeType": {"gp3"},
                    }
                ),
            }
        )
    ],
    "metadataOptions": Schema(
        optional={
            "httpEndpoint": {"enabled"},
            "httpPutResponseHopLimit": int,
            "httpTokens": {"required"},
        }
    ),
    "tagSpecifications": [
        Schema(
            optional={
                "resourceType": {"instance", "network-interface", "volume"},
                "tags": {"*": str},
            }
        )
    ],
}


class LaunchTemplate(ec2.Resource):
    """What the instances of a node group are like."""

    kind = "launch-template"
    outputs: ClassVar = {"latestVersion": "LatestVersionNumber", "name": "LaunchTemplateName"}
    schema = Schema(
        optional={"name": name_up_to(128), "updateDefaultVersion": {True}, **DATA, **TAGS},
        replace_on={"name"},
        computed={"latestVersion", "name"},
    )
    in_place = frozenset(DATA)
    forgotten = in_place | {"tagsAll"}
    auto_named = "name"

    def foreseen(self, olds: Properties, news: Properties) -> Properties:
        """A new version has a new number."""
        return {} if _data(olds) == _data(news) else {"latestVersion": UNKNOWN}

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its first version."""
        named = {
            "LaunchTemplateName": news["name"],
            "LaunchTemplateData": _in_aws_form(_data(news)),
        }
        return self.ask(cloud, news, **named)

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Add a version if nodes would differ, and make it the default one."""
        if _data(olds) != _data(news):
            made = cloud.call(
                "ec2",
                "create_launch_template_version",
                LaunchTemplateId=id,
                LaunchTemplateData=_in_aws_form(_data(news)),
            )
            number = str(made["LaunchTemplateVersion"]["VersionNumber"])
            cloud.call("ec2", "modify_launch_template", LaunchTemplateId=id, DefaultVersion=number)


def check_version(cloud: Cloud, id: str, version: str) -> None:
    """Refuse a version that there is not, as AWS does."""
    ec2.need(cloud, LaunchTemplate.kind, id)
    answer = cloud.call("ec2", "describe_launch_template_versions", LaunchTemplateId=id)
    if version not in {str(each["VersionNumber"]) for each in answer["LaunchTemplateVersions"]}:
        raise AwsRefused(
            "InvalidLaunchTemplateId.VersionNotFound",
            f"Could not find the specified version {version} for the launch template with ID {id}.",
        )


def _data(properties: Properties) -> Properties:
    return {name: properties[name] for name in DATA if properties.get(name) is not None}


def _in_aws_form(value: Any) -> Any:
    """Turn properties into LaunchTemplateData: the names differ in their first letter only."""
    if isinstance(value, list):
        return [_in_aws_form(each) for each in value]
    if isinstance(value, dict):
        return {
            name[0].upper() + name[1:]: ec2.pairs(each) if name == "tags" else _in_aws_form(each)
            for name, each in value.items()
        }
    return True if value == "true" else value  # the provider has texts for booleans here
