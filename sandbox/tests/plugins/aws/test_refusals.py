"""
What AWS refuses is refused, though ministack accepts it; and so is what nobody imitates.

Nothing of it changes the world, so all tests share one.
"""

from typing import Any

import pytest

from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.aws.world import ADMIN, SERVICE, policy, trust

ROLE = "arn:aws:iam::000000000000:role"
LONG = policy(*(f"ec2:{'a' * 90}{number}" for number in range(105)))


def network(**changes: Any) -> dict[str, Any]:
    """Change the endpoints of a cluster."""
    return {
        "name": "east",
        "vpcConfig": {
            "subnetIds": ["@a", "@b"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": True,
            **changes,
        },
    }


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("vpc", {"cidrBlock": "10.10.0.1/16"}, "'cidrBlock' must be an IPv4 CIDR block"),
    ("vpc", {"enableDnsHostnames": False}, "'enableDnsHostnames' must be one of True"),
    ("vpc", {"ipv6CidrBlock": "2001:db8::/56"}, "'ipv6CidrBlock' must be a property that"),
    ("vpc", {"tags": {"aws:a": "b"}}, "a tag must not begin with aws:"),
    ("a", {"cidrBlock": "10.11.0.0/24"}, "InvalidSubnet.Range"),
    ("a", {"cidrBlock": "10.10.1.0/25"}, "InvalidSubnet.Conflict.*10.10.1.0/24"),
    ("a", {"vpcId": "vpc-1"}, "InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist"),
    ("default", {"ingress": [{}]}, "'ingress' must be empty"),
    ("default", {"vpcId": "vpc-2"}, "InvalidVpcID.NotFound"),
    ("internet", {}, "already has an internet gateway attached"),
    ("nat", {}, "is already associated"),
    ("to-nat", {}, "RouteAlreadyExists"),
    ("to-nat", {"natGatewayId": "nat-1"}, "NatGatewayNotFound"),
    ("to-nat", {"natGatewayId": None}, "exactly one of"),
    ("to-nat", {"gatewayId": "@internet"}, "exactly one of"),
    ("to-internet", {"gatewayId": "igw-1"}, "The internetGateway ID 'igw-1' does not exist"),
    ("to-internet", {"routeTableId": "@east-table"}, "belong to different networks"),
    ("to-east", {"vpcPeeringConnectionId": "pcx-1"}, "InvalidVpcPeeringConnectionID.NotFound"),
    ("private-a", {"routeTableId": "@public-table"}, "conflicts with an existing association"),
    ("private-a", {"routeTableId": "@east-table"}, "belong to different networks"),
    ("s3", {}, "RouteAlreadyExists"),
    ("s3", {"serviceName": "com.amazonaws.eu-west-3.s3"}, "InvalidServiceName"),
    ("s3", {"vpcEndpointType": "Interface"}, "'privateDnsEnabled' must be set"),
    ("s3", {"routeTableIds": ["@east-table"]}, "does not belong to the VPC"),
    ("ec2", {}, "conflicting DNS domain"),
    ("ec2", {"serviceName": f"{SERVICE}.s3"}, "InvalidServiceName"),
    ("ec2", {"subnetIds": ["subnet-1"]}, "InvalidSubnetID.NotFound"),
    ("ec2", {"securityGroupIds": ["sg-1"]}, "The security group 'sg-1' does not exist"),
    ("ec2", {"routeTableIds": ["rtb-1"]}, "'routeTableIds' must not be set"),
    ("ec2", {"privateDnsEnabled": False}, "'privateDnsEnabled' must be one of True"),
    ("https", {}, "InvalidPermission.Duplicate"),
    ("https", {"cidrIpv6": "2001:db8::/32"}, "exactly one of"),
    ("https", {"cidrIpv4": "10.0.0.1/8"}, "has host bits set"),
    ("https", {"fromPort": None}, "'fromPort' must be set"),
    ("https", {"securityGroupId": "sg-1"}, "InvalidGroup.NotFound"),
    ("flows", {}, "FlowLogAlreadyExists"),
    ("flows", {"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
    ("flows", {"iamRoleArn": f"{ROLE}/no"}, "Unable to assume given IAM role"),
    ("flows", {"iamRoleArn": "@nodes-role.arn"}, "does not trust vpc-flow-logs"),
    ("flows", {"logDestination": "arn:aws:s3:::logs"}, "must be the ARN of a log group"),
    ("request", {}, "VpcPeeringConnectionAlreadyExists"),
    ("request", {"peerRegion": "eu-west-2"}, "in eu-west-2 does not exist"),
    ("request", {"peerVpcId": "@vpc"}, r"unexpected state 'failed'.*10.10.0.0/16.*10.10.0.0/16"),
    ("logs", {}, "ResourceAlreadyExistsException"),
    ("logs", {"retentionInDays": 31}, "'retentionInDays' must be one of 0, 1, "),
    ("key", {"deletionWindowInDays": 1}, "'deletionWindowInDays' must be one of 7"),
    ("alias", {"name": "key"}, "must be alias/ and a name"),
    ("alias", {"name": "alias/x", "targetKeyId": "no"}, "NotFoundException"),
    ("writer", {"assumeRolePolicy": "{"}, "'assumeRolePolicy' must be a JSON document"),
    ("writer", {"assumeRolePolicy": policy("sts:AssumeRole")}, "Principal' must be set"),
    ("writer", {"assumeRolePolicy": trust("a" * 2048)}, "at most 2048 characters"),
    ("writer", {"name": "n" * 65}, "'name' must be a name of at most 64 characters"),
    ("writing", {"policy": policy("ec2:*", resource="all")}, r"Resource\[0\]' must be an ARN"),
    ("writing", {"policy": LONG}, "'policy' must have at most 10240 characters"),
    ("writing", {"role": "nobody"}, "NoSuchEntity"),
    ("nodes-policy", {"policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorker"}, "NoSuchEntity"),
    ("west", {}, "ResourceInUseException: Cluster already exists"),
    ("west", {"name": "east", "roleArn": f"{ROLE}/no"}, "could not be assumed"),
    ("west", {"name": "east", "roleArn": "@nodes-role.arn"}, "could not be assumed"),
    ("west", {"name": "east", "roleArn": "@bare.arn"}, "attached: AmazonEKSClusterPolicy"),
    ("west", {"name": "east", "version": "1.20"}, "'version' must be one of 1.31, "),
    ("west", {"computeConfig": {"enabled": True}}, "'computeConfig' must be a property that"),
    ("west", {"enabledClusterLogTypes": ["everything"]}, "must be one of api, audit"),
    ("west", network(subnetIds=["@a", "@public"]), "in at least two different AZs"),
    ("west", network(subnetIds=["@a", "@east-b"]), "must belong to the same VPC"),
    ("west", network(subnetIds=["@a", "subnet-1"]), "does not exist"),
    ("west", network(endpointPrivateAccess=False), "endpointPrivateAccess' must be one of True"),
    (
        "west",
        {
            "name": "east",
            "encryptionConfig": {"provider": {"keyArn": "no"}, "resources": ["secrets"]},
        },
        "Provided key is invalid",
    ),
    ("vpc-cni", {}, "ResourceInUseException"),
    ("vpc-cni", {"addonVersion": "1.21.1"}, "'addonVersion' must be a version such as"),
    ("vpc-cni", {"addonName": "vpc-cmi"}, "'addonName' must be one of aws-ebs-csi-driver, "),
    ("vpc-cni", {"clusterName": "east"}, "No cluster found for name: east"),
    ("controller", {}, "ResourceInUseException"),
    ("controller", {"roleArn": "@nodes-role.arn"}, "does not let pods.eks.amazonaws.com do"),
    (
        "disks",
        {"podIdentityAssociations": [{"serviceAccount": "a", "roleArn": "@nodes-role.arn"}]},
        "does not let pods.eks.amazonaws.com do",
    ),
    ("template", {"metadataOption": {}}, "'metadataOption' must be a property"),
    ("nodes", {"clusterName": "east"}, "No cluster found for name: east"),
    ("nodes", {"nodeRoleArn": f"{ROLE}/no"}, "could not be assumed"),
    ("nodes", {"nodeRoleArn": "@twin.arn"}, "attached: AmazonEKSWorkerNodePolicy, AmazonEC2Cont"),
    ("nodes", {"subnetIds": ["@east-b"]}, "does not exist in the cluster's VPC"),
    ("nodes", {"launchTemplate": {"id": "lt-0", "version": "1"}}, "does not exist"),
    ("nodes", {"launchTemplate": {"id": "@template", "version": "9"}}, "the specified version 9"),
    ("nodes", {"version": "1.36"}, "must not exceed the cluster's"),
    ("nodes", {"remoteAccess": {}}, "'remoteAccess' must be a property that"),
    ("issuer", {}, "EntityAlreadyExists"),
    ("issuer", {"url": "oidc.eks.amazonaws.com"}, "'url' must be https://"),
    ("issuer", {"url": "https://oidc.eks.amazonaws.com?a=b"}, "'url' must be https"),
    ("admin", {"principalArn": f"{ROLE}/nobody"}, "The specified principalArn is invalid"),
    ("admin", {"principalArn": "arn:aws:iam::111111111111:root"}, "principalArn is invalid"),
    ("rights", {"principalArn": "@twin.arn"}, "No access entry for principal"),
    (
        "rights",
        {"policyArn": ADMIN.removesuffix("Policy")},
        "'policyArn' must be one of arn:aws:eks::aws",
    ),
]


@pytest.fixture(scope="module")
def around(world: Program) -> Program:
    """Add what is not the world's own: things of another VPC, and roles without policies."""
    world.add("RouteTable", "east-table", vpcId="@east-vpc")
    where = {"availabilityZone": "eu-west-1b", "mapPublicIpOnLaunch": False}
    world.add("Subnet", "east-b", vpcId="@east-vpc", cidrBlock="10.20.0.0/24", **where)
    world.add("Role", "bare", assumeRolePolicy=trust("eks"))
    world.add("Role", "twin", assumeRolePolicy=trust("ec2"))
    return world


@pytest.mark.parametrize(("name", "inputs", "reason"), WRONG)
def test_a_wrong_resource_is_refused(
    around: Program, name: str, inputs: dict[str, Any], reason: str
) -> None:
    around.refuses(reason, name, **inputs)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("vpc", "DependencyViolation"),
        ("east-vpc", "DependencyViolation"),
        ("internet", "has a mapped public address"),
        ("a", r"DependencyViolation.*VPC Endpoint Interface"),
        ("public", r"DependencyViolation.*NAT Gateway"),
        ("endpoints", "DependencyViolation"),
        ("address", r"InvalidIPAddress.InUse"),
        ("west", "ResourceInUseException: Cluster has nodegroups attached"),
        ("writer", "DeleteConflict"),
        ("nodes-role", "DeleteConflict"),
    ],
)
def test_what_is_in_use_cannot_be_deleted(around: Program, name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        around.delete(name)


@pytest.mark.parametrize(
    ("name", "inputs", "path"),
    [
        ("s3", {"routeTableIds": []}, r"routeTableIds\[0\]"),
        ("private-a", {"routeTableId": "@public-table"}, "routeTableId"),
        ("west", {"version": "1.34"}, "version"),
        (
            "nodes",
            {"launchTemplate": {"id": "@template", "version": "2"}},
            "launchTemplate.version",
        ),
        ("controller", {"roleArn": "@twin.arn"}, "roleArn"),
    ],
)
def test_what_no_component_changes_in_place_is_refused(
    around: Program, name: str, inputs: dict[str, Any], path: str
) -> None:
    with pytest.raises(Refused, match=f"'{path}' of .* must stay as it is in the sandbox"):
        around.change(name, **inputs)


@pytest.mark.parametrize(
    ("name", "inputs", "paths"),
    [
        ("vpc", {"cidrBlock": "10.30.0.0/16"}, ["cidrBlock"]),
        ("default", {"vpcId": "@east-vpc"}, ["vpcId"]),
        ("to-nat", {"routeTableId": "@public-table"}, ["routeTableId"]),
        ("ec2", {"serviceName": f"{SERVICE}.sts"}, ["serviceName"]),
        ("writing", {"role": "other"}, ["role"]),
        ("west", {"name": "east"}, ["name"]),
        ("nodes", {"instanceTypes": ["m7i.xlarge"]}, ["instanceTypes[0]"]),
        ("nodes", {"subnetIds": ["@b", "@a"]}, []),
        ("issuer", {"url": "https://other"}, ["url"]),
        ("rights", {"policyArn": ADMIN.replace("ClusterAdmin", "View")}, ["policyArn"]),
    ],
)
def test_what_cannot_change_replaces(
    around: Program, name: str, inputs: dict[str, Any], paths: list[str]
) -> None:
    assert around.replaces(name, **inputs) == paths
