"""
What exists in EC2, its tags, and what all types of EC2 do alike.

ministack accepts ids of things that do not exist in most requests, and ignores most filters. So
whatever a request names is looked up first, and lists are filtered here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import AwsResource
from sandbox.plugins.values import Properties

Item = dict[str, Any]

GONE = ("deleted", "deleting", "failed", "rejected", "expired")
"""States of what EC2 only still remembers: for an hour, deleted things are listed."""


@dataclass(frozen=True)
class Kind:
    """How to find things of one kind; the key in KINDS is AWS' resource type in tag requests."""

    name: str
    """As in the operation and its answer: describe_route_tables answers with RouteTables."""

    code: str
    """What AWS answers when it does not exist."""

    message: str = "The {name} ID '{id}' does not exist"

    key: str = ""
    """The parameter and the key of an id, without Id, where they differ from the name."""

    plural: str = ""

    deleted_in_lists: bool = False
    """Whether AWS deletes several at once."""

    @property
    def id(self) -> str:
        """Key of the id in an item."""
        return f"{self.key or self.name}Id"

    def items(self, cloud: Cloud, *ids: str) -> list[Item]:
        """List the things with these ids, or all."""
        plural = self.plural or f"{self.name}s"
        operation = f"describe_{_snake(plural)}"
        wanted = {f"{self.id}s": list(ids)} if ids else {}
        found = cloud.call("ec2", operation, **wanted)[plural]
        return [dict(item) for item in found if _state(item) not in GONE]

    def make(self, cloud: Cloud, operation: str = "", **request: Any) -> str:
        """Make one and return its id."""
        operation = operation or f"create_{_snake(self.name)}"
        answer = cloud.call("ec2", operation, **request)
        id: str = answer.get(self.name, answer)[self.id]
        return id

    def delete(self, cloud: Cloud, id: str) -> None:
        """Delete one."""
        if self.deleted_in_lists:
            cloud.call("ec2", f"delete_{_snake(self.name)}s", **{f"{self.id}s": [id]})
        else:
            cloud.call("ec2", f"delete_{_snake(self.name)}", **{self.id: id})


KINDS = {
    "vpc": Kind("Vpc", "InvalidVpcID.NotFound"),
    "subnet": Kind("Subnet", "InvalidSubnetID.NotFound"),
    "internet-gateway": Kind("InternetGateway", "InvalidInternetGatewayID.NotFound"),
    "elastic-ip": Kind(
        "Address", "InvalidAllocationID.NotFound", key="Allocation", plural="Addresses"
    ),
    "natgateway": Kind("NatGateway", "NatGatewayNotFound", "NAT gateway {id} was not found"),
    "route-table": Kind("RouteTable", "InvalidRouteTableID.NotFound"),
    "vpc-endpoint": Kind("VpcEndpoint", "InvalidVpcEndpointId.NotFound", deleted_in_lists=True),
    "vpc-peering-connection": Kind(
        "VpcPeeringConnection", "InvalidVpcPeeringConnectionID.NotFound"
    ),
    "security-group": Kind(
        "SecurityGroup",
        "InvalidGroup.NotFound",
        "The security group '{id}' does not exist",
        key="Group",
    ),
    "security-group-rule": Kind("SecurityGroupRule", "InvalidSecurityGroupRuleId.NotFound"),
    "network-interface": Kind("NetworkInterface", "InvalidNetworkInterfaceID.NotFound"),
    "vpc-flow-log": Kind("FlowLog", "InvalidFlowLogId.NotFound", deleted_in_lists=True),
    "launch-template": Kind("LaunchTemplate", "InvalidLaunchTemplateId.NotFound"),
}


def find(cloud: Cloud, kind: str, id: str) -> Item | None:
    """Look for one thing that exists."""
    how = KINDS[kind]
    try:
        items = how.items(cloud, id)
    except AwsRefused as refused:
        # For some kinds ministack calls an id malformed that nothing has.
        if refused.means_gone or refused.code.endswith("Malformed"):
            return None
        raise
    return next((item for item in items if item[how.id] == id), None)


def need(cloud: Cloud, kind: str, id: str) -> Item:
    """Give one thing, or refuse as AWS does when it does not exist in this region."""
    item = find(cloud, kind, id)
    if item is None:
        how = KINDS[kind]
        name = (how.key or how.name)[0].lower() + (how.key or how.name)[1:]
        raise AwsRefused(how.code, how.message.format(name=name, id=id))
    return item


def every(cloud: Cloud, kind: str, **match: object) -> list[Item]:
    """List what exists of a kind, if wanted only where the named keys have the given values."""
    return [
        item
        for item in KINDS[kind].items(cloud)
        if all(item.get(key) == value for key, value in match.items())
    ]


def interfaces(cloud: Cloud, beginning: str = "", **match: object) -> list[Item]:
    """List network interfaces whose description begins with the given words."""
    return [
        item
        for item in every(cloud, "network-interface", **match)
        if item.get("Description", "").startswith(beginning)
    ]


def place_interface(cloud: Cloud, subnet: str, description: str, *groups: str) -> str:
    """Make a network interface in a subnet and return its id."""
    wanted: Item = {"Groups": list(groups)} if groups else {}
    kind = KINDS["network-interface"]
    return kind.make(cloud, SubnetId=subnet, Description=description, **wanted)


def remove_interfaces(cloud: Cloud, **match: object) -> None:
    """Delete the network interfaces whose keys have the given values."""
    for each in every(cloud, "network-interface", **match):
        KINDS["network-interface"].delete(cloud, each["NetworkInterfaceId"])


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Read a thing's tags, without those that AWS sets."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


def tagging(kind: str, tags: Mapping[str, str]) -> list[Item]:
    """Make the part of a request that tags what it makes."""
    return [{"ResourceType": kind, "Tags": pairs(tags)}] if tags else []


def retag(cloud: Cloud, id: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Bring tags from old to new."""
    if removed := [key for key in old if key not in new]:
        cloud.call("ec2", "delete_tags", Resources=[id], Tags=[{"Key": key} for key in removed])
    if added := {key: value for key, value in new.items() if old.get(key) != value}:
        cloud.call("ec2", "create_tags", Resources=[id], Tags=pairs(added))


def pairs(tags: Mapping[str, str]) -> list[Item]:
    """Write tags as EC2 and IAM take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Resource(AwsResource):
    """A type of EC2: looked up by its id, tagged as all of EC2 is; only its tags change."""

    kind: ClassVar[str]
    """The key in KINDS."""
    outputs: ClassVar[Mapping[str, str]] = {}
    """Where EC2 tells an output."""

    def describe(self, cloud: Cloud, item: Item) -> Properties:
        """Give the outputs that are not simply told."""
        return {}

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with its tags."""
        item = find(cloud, self.kind, id)
        if item is None:
            return None
        return {
            "tagsAll": tags_of(item),
            **{here: item.get(there) for here, there in self.outputs.items()},
            **self.describe(cloud, item),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def users(self, cloud: Cloud, item: Item) -> Iterable[str]:
        """Name what uses it."""
        return ()

    def release(self, cloud: Cloud, item: Item) -> None:
        """Take it from where it is, before it is deleted."""

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something uses it."""
        item = need(cloud, self.kind, id)
        for user in self.users(cloud, item):
            raise AwsRefused(
                "DependencyViolation",
                f"The {self.kind} '{id}' has dependencies and cannot be deleted. ({user})",
            )
        self.release(cloud, item)
        KINDS[self.kind].delete(cloud, id)

    def ask(self, cloud: Cloud, news: Properties, operation: str = "", **request: Any) -> str:
        """Make one with the tags of the program, and return its id."""
        tags = tagging(self.kind, news["tagsAll"])
        return KINDS[self.kind].make(cloud, operation, TagSpecifications=tags, **request)


def _snake(name: str) -> str:
    return re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()


def _state(item: Item) -> Any:
    state = item.get("State") or item.get("Status", {})
    return state.get("Code") if isinstance(state, dict) else state
