"""
Launch templates: each change of what nodes are like makes a new version.

ministack drops some fields of a block device (its key, for example): notes keep what was asked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import Any

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.kms import need_key
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

BOOLEAN_TEXT = {"true", "false"}
"""The provider has texts here, so that unset differs from false."""

DATA: dict[str, Any] = {
    "blockDeviceMappings": [
        Schema(
            optional={
                "deviceName": str,
                "ebs": Schema(
                    optional={
                        "deleteOnTermination": BOOLEAN_TEXT,
                        "encrypted": BOOLEAN_TEXT,
                        "iops": int,
                        "kmsKeyId": str,
                        "throughput": int,
                        "volumeSize": int,
                        "volumeType": {"gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"},
                    }
                ),
            }
        )
    ],
    "description": str,
    "ebsOptimized": BOOLEAN_TEXT,
    "imageId": str,
    "instanceType": str,
    "metadataOptions": Schema(
        optional={
            "httpEndpoint": {"enabled", "disabled"},
            "httpProtocolIpv6": {"enabled", "disabled"},
            "httpPutResponseHopLimit": int,
            "httpTokens": {"required", "optional"},
            "instanceMetadataTags": {"enabled", "disabled"},
        }
    ),
    "monitoring": Schema(optional={"enabled": bool}),
    "tagSpecifications": [
        Schema(
            optional={
                "resourceType": {"instance", "network-interface", "volume"},
                "tags": {"*": str},
            }
        )
    ],
    "userData": str,
    "vpcSecurityGroupIds": [str],
}


class LaunchTemplate(AwsResource):
    """What the instances of a node group are like."""

    schema = Schema(
        optional={
            "name": str,
            "namePrefix": str,
            "updateDefaultVersion": bool,
            "defaultVersion": int,
            **DATA,
            **TAGS,
            **REGION,
        },
        replace_on={"name", "namePrefix"},
        computed={"arn", "defaultVersion", "latestVersion", "name"},
    )
    sets = ("vpcSecurityGroupIds",)
    auto_named = "name"
    prefix_property = "namePrefix"

    def refuse(self, news: Properties) -> None:
        """Refuse what the provider refuses."""
        if "defaultVersion" in news and "updateDefaultVersion" in news:
            raise Refused(
                "'defaultVersion' must not be set together with 'updateDefaultVersion'.",
                "defaultVersion",
            )
        if isinstance(data := news.get("userData"), str):
            try:
                base64.b64decode(data, validate=True)
            except binascii.Error as error:
                raise Refused("'userData' must be base64 (it is not).", "userData") from error

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """A new version has a new number."""
        if _data(olds) == _data(news):
            return ()
        return ("latestVersion", "defaultVersion")

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its first version."""
        _check_references(cloud, news)
        made = cloud.call(
            "ec2",
            "create_launch_template",
            LaunchTemplateName=self.physical_name(news, limit=128),
            LaunchTemplateData=_request(news),
            TagSpecifications=ec2.tagging("launch-template", news["tagsAll"]),
            **given(news, {"description": "VersionDescription"}),
        )
        id: str = made["LaunchTemplate"]["LaunchTemplateId"]
        notes.write(cloud, "launch-template", id, _data(news))
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with its newest version."""
        template = ec2.find(cloud, "launch-template", id)
        if template is None:
            return None
        data = notes.read(cloud, "launch-template", id)
        return {
            **dict.fromkeys(name for name in DATA if name in known),
            **data,
            "arn": cloud.arn("ec2", f"launch-template/{id}"),
            "defaultVersion": template["DefaultVersionNumber"],
            "latestVersion": template["LatestVersionNumber"],
            "name": template["LaunchTemplateName"],
            "tagsAll": ec2.tags_of(template),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Add a version if nodes would differ, and choose the default one."""
        latest = ec2.need(cloud, "launch-template", id)["LatestVersionNumber"]
        if _data(olds) != _data(news):
            _check_references(cloud, news)
            made = cloud.call(
                "ec2",
                "create_launch_template_version",
                LaunchTemplateId=id,
                LaunchTemplateData=_request(news),
                **given(news, {"description": "VersionDescription"}),
            )
            latest = made["LaunchTemplateVersion"]["VersionNumber"]
            notes.write(cloud, "launch-template", id, _data(news))
        default = latest if news.get("updateDefaultVersion") else news.get("defaultVersion")
        if default is not None and default != olds.get("defaultVersion"):
            cloud.call(
                "ec2", "modify_launch_template", LaunchTemplateId=id, DefaultVersion=str(default)
            )
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its versions."""
        ec2.need(cloud, "launch-template", id)
        cloud.call("ec2", "delete_launch_template", LaunchTemplateId=id)
        notes.forget(cloud, "launch-template", id)


def need_version(cloud: Cloud, id: str, version: str) -> tuple[int, Properties]:
    """Give the number of a template's version and the newest data, or refuse as AWS does."""
    template = ec2.need(cloud, "launch-template", id)
    named = {
        "$Latest": template["LatestVersionNumber"],
        "$Default": template["DefaultVersionNumber"],
    }
    wanted = named.get(version, version)
    answer = cloud.call("ec2", "describe_launch_template_versions", LaunchTemplateId=id)
    for each in answer["LaunchTemplateVersions"]:
        if str(each["VersionNumber"]) == str(wanted):
            return int(each["VersionNumber"]), notes.read(cloud, "launch-template", id)
    raise AwsRefused(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find the specified version {version} for the launch template with ID {id}.",
    )


def _data(properties: Properties) -> Properties:
    return {name: properties[name] for name in DATA if properties.get(name) is not None}


def _check_references(cloud: Cloud, news: Properties) -> None:
    for group in news.get("vpcSecurityGroupIds", []):
        ec2.need(cloud, "security-group", group)
    for mapping in news.get("blockDeviceMappings", []):
        if key := mapping.get("ebs", {}).get("kmsKeyId"):
            need_key(cloud, key)


def _request(news: Properties) -> dict[str, Any]:
    """Turn properties into LaunchTemplateData: the names differ in their first letter only."""
    data = {name: news[name] for name in DATA if name in news and name != "description"}
    data["securityGroupIds"] = data.pop("vpcSecurityGroupIds", None)
    for name in ("blockDeviceMappings", "tagSpecifications"):
        data[name] = [_capitalized(each) for each in data.get(name, [])]
    for each in data["tagSpecifications"]:
        each["Tags"] = [{"Key": key, "Value": value} for key, value in each["Tags"].items()]
    for name in ("metadataOptions", "monitoring"):
        if name in data:
            data[name] = _capitalized(data[name])
    if "ebsOptimized" in data:
        data["ebsOptimized"] = data["ebsOptimized"] == "true"
    return {_capital(name): value for name, value in data.items() if value}


def _capitalized(properties: Properties) -> dict[str, Any]:
    texts = {"true": True, "false": False}
    return {
        _capital(name): _capitalized(value)
        if isinstance(value, dict) and name != "tags"
        else (texts.get(value, value) if name in ("encrypted", "deleteOnTermination") else value)
        for name, value in properties.items()
    }


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
