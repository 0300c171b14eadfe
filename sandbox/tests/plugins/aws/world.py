"""
One resource of each type and more, as the components make them, by name.

`@name` in an input stands for the id of another one, `@name.output` for an output of it.
"""

import json
from dataclasses import dataclass
from typing import Any

ROOT = "arn:aws:iam::000000000000:root"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
SERVICE = "com.amazonaws.eu-west-1"


@dataclass(frozen=True)
class Described:
    """A resource of the world."""

    kind: str
    inputs: dict[str, Any]
    after: tuple[str, ...] = ()
    """What it needs beside the resources that it refers to."""


def _of(kind: str, *after: str, **inputs: Any) -> Described:
    return Described(kind, inputs, after)


def trust(service: str, *actions: str) -> str:
    """Make a role's trust policy."""
    principal = {"Service": f"{service}.amazonaws.com"}
    allowed = [*(actions or ["sts:AssumeRole"])]
    statement = {"Effect": "Allow", "Principal": principal, "Action": allowed}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(*actions: str, resource: str = "*") -> str:
    """Write a policy that allows actions."""
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _vpc(cidr: str) -> Described:
    return _of("Vpc", cidrBlock=cidr, enableDnsHostnames=True, enableDnsSupport=True)


def _subnet(zone: str, cidr: str) -> Described:
    where = {"availabilityZone": f"eu-west-1{zone}", "cidrBlock": cidr}
    return _of("Subnet", vpcId="@vpc", mapPublicIpOnLaunch=False, **where)


def _uses(table: str, subnet: str) -> Described:
    return _of("RouteTableAssociation", routeTableId=f"@{table}", subnetId=f"@{subnet}")


def _route(table: str, cidr: str, **target: str) -> Described:
    return _of("Route", routeTableId=f"@{table}", destinationCidrBlock=cidr, **target)


def _interface(service: str) -> Described:
    return _of(
        "VpcEndpoint",
        vpcId="@vpc",
        serviceName=f"{SERVICE}.{service}",
        vpcEndpointType="Interface",
        subnetIds=["@a", "@b"],
        securityGroupIds=["@endpoints"],
        privateDnsEnabled=True,
    )


def _logs(name: str) -> Described:
    return _of("LogGroup", name=name, retentionInDays=90)


def _role(service: str, *actions: str) -> Described:
    return _of("Role", assumeRolePolicy=trust(service, *actions))


def _has(role: str, policy: str) -> Described:
    arn = f"arn:aws:iam::aws:policy/{policy}"
    return _of("RolePolicyAttachment", role=f"@{role}.name", policyArn=arn)


def _addon(name: str, *after: str, **inputs: Any) -> Described:
    return _of(
        "Addon",
        *after,
        clusterName="@west",
        addonName=name,
        addonVersion="v1.21.1-eksbuild.3",
        resolveConflictsOnCreate="OVERWRITE",
        resolveConflictsOnUpdate="PRESERVE",
        **inputs,
    )


NETWORK = {
    "vpc": _vpc("10.10.0.0/16"),
    "default": _of("DefaultSecurityGroup", vpcId="@vpc", ingress=[], egress=[]),
    "internet": _of("InternetGateway", vpcId="@vpc"),
    "a": _subnet("a", "10.10.0.0/24"),
    "b": _subnet("b", "10.10.1.0/24"),
    "public": _subnet("a", "10.10.9.0/24"),
    "private-table": _of("RouteTable", vpcId="@vpc"),
    "private-a": _uses("private-table", "a"),
    "private-b": _uses("private-table", "b"),
    "public-table": _of("RouteTable", vpcId="@vpc"),
    "to-internet": _route("public-table", "0.0.0.0/0", gatewayId="@internet"),
    "address": _of("Eip", domain="vpc"),
    "nat": _of("NatGateway", "to-internet", allocationId="@address", subnetId="@public"),
    "to-nat": _route("private-table", "0.0.0.0/0", natGatewayId="@nat"),
    "s3": _of(
        "VpcEndpoint",
        vpcId="@vpc",
        serviceName=f"{SERVICE}.s3",
        vpcEndpointType="Gateway",
        routeTableIds=["@private-table"],
    ),
    "endpoints": _of("SecurityGroup", vpcId="@vpc", description="Services of AWS"),
    "https": _of(
        "SecurityGroupIngressRule",
        securityGroupId="@endpoints",
        cidrIpv4="10.10.0.0/16",
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
    ),
    **{service: _interface(service) for service in ("ec2", "ecr.api", "ecr.dkr")},
    "flow-logs": _logs("/aws/vpc/west/flow-logs"),
    "writer": _role("vpc-flow-logs"),
    "writing": _of("RolePolicy", role="@writer.name", policy=policy("logs:*")),
    "flows": _of(
        "FlowLog",
        "writing",
        vpcId="@vpc",
        trafficType="ALL",
        logDestinationType="cloud-watch-logs",
        logDestination="@flow-logs.arn",
        iamRoleArn="@writer.arn",
    ),
    "east-vpc": _vpc("10.20.0.0/16"),
    "request": _of(
        "VpcPeeringConnection", vpcId="@vpc", peerVpcId="@east-vpc", peerRegion="eu-west-1"
    ),
    "consent": _of(
        "VpcPeeringConnectionAccepter", vpcPeeringConnectionId="@request", autoAccept=True
    ),
    "to-east": _route(
        "private-table",
        "10.20.0.0/16",
        vpcPeeringConnectionId="@consent.vpcPeeringConnectionId",
    ),
}

CLUSTER = {
    "key": _of("Key", enableKeyRotation=True, deletionWindowInDays=7),
    "alias": _of("Alias", name="alias/west-secrets", targetKeyId="@key.keyId"),
    "logs": _logs("/aws/eks/west/cluster"),
    "cluster-role": _role("eks"),
    "cluster-policy": _has("cluster-role", "AmazonEKSClusterPolicy"),
    "west": _of(
        "Cluster",
        "cluster-policy",
        "logs",
        name="west",
        roleArn="@cluster-role.arn",
        version="1.35",
        accessConfig={
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
        bootstrapSelfManagedAddons=False,
        deletionProtection=False,
        enabledClusterLogTypes=["api", "audit"],
        encryptionConfig={"provider": {"keyArn": "@key.arn"}, "resources": ["secrets"]},
        upgradePolicy={"supportType": "STANDARD"},
        vpcConfig={
            "subnetIds": ["@a", "@b"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["198.51.100.10/32"],
        },
        zonalShiftConfig={"enabled": True},
    ),
    "vpc-cni": _addon("vpc-cni"),
    "nodes-role": _role("ec2"),
    "nodes-policy": _has("nodes-role", "AmazonEKSWorkerNodePolicy"),
    "images-policy": _has("nodes-role", "AmazonEC2ContainerRegistryPullOnly"),
    "template": _of(
        "LaunchTemplate",
        updateDefaultVersion=True,
        metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 1},
        blockDeviceMappings=[
            {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 50, "encrypted": "true"}}
        ],
        tagSpecifications=[{"resourceType": "instance", "tags": {"a": "b"}}],
    ),
    "nodes": _of(
        "NodeGroup",
        "nodes-policy",
        "images-policy",
        "vpc-cni",
        "private-a",
        "private-b",
        "to-nat",
        amiType="AL2023_x86_64_STANDARD",
        clusterName="@west",
        instanceTypes=["m7i.large"],
        launchTemplate={"id": "@template", "version": "1"},
        nodeRepairConfig={"enabled": True},
        nodeRoleArn="@nodes-role.arn",
        releaseVersion="1.35.6-20260728",
        version="1.35",
        subnetIds=["@a", "@b"],
        scalingConfig={"minSize": 3, "desiredSize": 3, "maxSize": 4},
        updateConfig={"maxUnavailablePercentage": 33},
    ),
    "coredns": _addon("coredns", "nodes"),
    "pods-role": _role("pods.eks", "sts:AssumeRole", "sts:TagSession"),
    "disks": _addon(
        "aws-ebs-csi-driver",
        "nodes",
        podIdentityAssociations=[{"serviceAccount": "disks", "roleArn": "@pods-role.arn"}],
    ),
    "controller": _of(
        "PodIdentityAssociation",
        clusterName="@west",
        namespace="kube-system",
        serviceAccount="controller",
        roleArn="@pods-role.arn",
    ),
    "issuer": _of(
        "OpenIdConnectProvider", url=f"https://{ISSUER}", clientIdLists=["sts.amazonaws.com"]
    ),
    "admin": _of("AccessEntry", clusterName="@west", principalArn=ROOT, type="STANDARD"),
    "rights": _of(
        "AccessPolicyAssociation",
        "admin",
        clusterName="@west",
        principalArn=ROOT,
        policyArn=ADMIN,
        accessScope={"type": "cluster"},
    ),
}

WORLD = {**NETWORK, **CLUSTER}
