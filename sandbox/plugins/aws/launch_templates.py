"""
Launch templates: each change of what nodes are like makes a new version.

ministack drops some fields of a block device: notes have what was asked.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, Ec2Resource
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

BOOLEANS = {"true": True, "false": False}
"""The provider has texts here, so that unset differs from false."""

DATA: dict[str, Any] = {
    "blockDeviceMappings": [
        Schema(
            optional={
                "deviceName": str,
                "ebs": Schema(
                    optional={
                        "deleteOnTermination": set(BOOLEANS),
                        "encrypted": set(BOOLEANS),
                        "volumeSize": int,
                        "volumeType": {"gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"},
                    }
                ),
            }
        )
    ],
    "metadataOptions": Schema(
        optional={
            "httpEndpoint": {"enabled", "disabled"},
            "httpPutResponseHopLimit": int,
            "httpTokens": {"required", "optional"},
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


class LaunchTemplate(Ec2Resource):
    """What the instances of a node group are like."""

    kind = "launch-template"
    outputs: ClassVar = {
        "defaultVersion": "DefaultVersionNumber",
        "latestVersion": "LatestVersionNumber",
        "name": "LaunchTemplateName",
    }
    schema = Schema(
        optional={"name": str, "updateDefaultVersion": bool, **DATA, **TAGS},
        replace_on={"name"},
        computed={"arn", "defaultVersion", "latestVersion", "name"},
    )
    auto_named = "name"
    name_limit = 128

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """A new version has a new number."""
        return () if _data(olds) == _data(news) else ("latestVersion", "defaultVersion")

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its first version."""
        named = {"LaunchTemplateName": news["name"], "LaunchTemplateData": _request(news)}
        id = self.ask(cloud, news, **named)
        notes.write(cloud, self.kind, id, _data(news))
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its newest version."""
        return {**dict.fromkeys(DATA), **notes.read(cloud, self.kind, item["LaunchTemplateId"])}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Add a version if nodes would differ, and make it the default one if asked to."""
        latest = ec2.need(cloud, self.kind, id)["LatestVersionNumber"]
        if _data(olds) != _data(news):
            made = cloud.call(
                "ec2",
                "create_launch_template_version",
                LaunchTemplateId=id,
                LaunchTemplateData=_request(news),
            )
            latest = made["LaunchTemplateVersion"]["VersionNumber"]
            notes.write(cloud, self.kind, id, _data(news))
        if news.get("updateDefaultVersion") and latest != olds.get("defaultVersion"):
            number = str(latest)
            cloud.call("ec2", "modify_launch_template", LaunchTemplateId=id, DefaultVersion=number)
        super().change(cloud, id, olds, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its versions."""
        ec2.need(cloud, self.kind, id)
        cloud.call("ec2", "delete_launch_template", LaunchTemplateId=id)
        notes.forget(cloud, self.kind, id)


def need_version(cloud: Cloud, id: str, version: str) -> int:
    """Give the number of a template's version, or refuse as AWS does."""
    template = ec2.need(cloud, LaunchTemplate.kind, id)
    named = {
        "$Latest": template["LatestVersionNumber"],
        "$Default": template["DefaultVersionNumber"],
    }
    wanted = str(named.get(version, version))
    answer = cloud.call("ec2", "describe_launch_template_versions", LaunchTemplateId=id)
    for each in answer["LaunchTemplateVersions"]:
        if str(each["VersionNumber"]) == wanted:
            return int(wanted)
    raise AwsRefused(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find the specified version {version} for the launch template with ID {id}.",
    )


def _data(properties: Properties) -> Properties:
    return {name: properties[name] for name in DATA if properties.get(name) is not None}


def _request(news: Properties) -> dict[str, Any]:
    data: dict[str, Any] = _in_aws_form(_data(news))
    return data


def _in_aws_form(value: Any) -> Any:
    """Turn properties into LaunchTemplateData: the names differ in their first letter only."""
    if isinstance(value, list):
        return [_in_aws_form(each) for each in value]
    if isinstance(value, dict):
        return {
            name[0].upper() + name[1:]: ec2.pairs(each) if name == "tags" else _in_aws_form(each)
            for name, each in value.items()
        }
    return BOOLEANS.get(value, value) if isinstance(value, str) else value
