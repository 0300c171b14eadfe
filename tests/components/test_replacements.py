"""
What happens to a resource on AWS that is replaced: nothing is deleted with the old one that is new.

Pulumi makes the new resource first. If its id does not contain the argument that changed, both have
the same id, and the deletion of the old one removes the new one. So each type of resource is sorted
here by how it gets its id; a type that is new must be sorted first.
"""

import functools

import pytest

from linkmesh.eks_cluster import (
    AccessEntry,
    EksCluster,
    EksClusterArgs,
    LoadBalancerController,
    LoadBalancerControllerArgs,
    SecurityGroupIngressRule,
)
from linkmesh.network import Network, NetworkArgs
from linkmesh.peering import NetworkPeering, NetworkPeeringArgs
from linkmesh.subnets import NatGateways
from tests import engine

# AWS or Pulumi invents the id, so the new one has another.
GENERATED = {
    "aws:ec2/eip:Eip",
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/key:Key",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
}

# The id contains every argument that replaces it and that a description can change.
NAMED = {
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/route:Route",
    "aws:eks/accessEntry:AccessEntry",
    "aws:eks/addon:Addon",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:kms/alias:Alias",
}

# AWS refuses a second one of the name, so the new one is not made, and the old one stays.
REFUSED = {"aws:eks/cluster:Cluster"}

# The id is the same, or AWS allows one at a time: the old one is deleted first.
DELETED_FIRST = {
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
}


@functools.cache
def everything() -> tuple[engine.Noted, ...]:
    """Make one of all that components make on AWS."""

    def program() -> None:
        west = Network(
            "west",
            NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16", flow_log_retention_days=30),
        )
        east = Network(
            "east",
            NetworkArgs(
                region="eu-west-3", cidr_block="10.20.0.0/16", nat_gateways=NatGateways.NONE
            ),
        )
        NetworkPeering("west-east", NetworkPeeringArgs(requester=west, accepter=east))
        args = EksClusterArgs(
            region="eu-west-1",
            vpc_id=west.vpc_id,
            private_subnet_ids=west.private_subnet_ids,
            control_plane_subnet_ids=west.control_plane_subnet_ids,
            access_entries=[AccessEntry("arn:aws:iam::111122223333:role/operators")],
            ingress_rules=[
                SecurityGroupIngressRule(
                    name="mesh",
                    from_port=4143,
                    cidr_blocks=["10.20.0.0/16"],
                    description="mesh",
                )
            ],
            ebs_csi_driver=True,
            create_oidc_provider=True,
        )
        cluster = EksCluster("west-cluster", args)
        LoadBalancerController("balancers", LoadBalancerControllerArgs(cluster=cluster))

    made = engine.run(program).resources
    return tuple(each for each in made if each.type.startswith("aws:"))


def test_every_type_of_resource_on_aws_is_sorted() -> None:
    assert {each.type for each in everything()} == GENERATED | NAMED | REFUSED | DELETED_FIRST


@pytest.mark.parametrize("type_", sorted(GENERATED | NAMED | REFUSED | DELETED_FIRST))
def test_what_would_take_the_new_one_with_it_is_deleted_first(type_: str) -> None:
    made = [each for each in everything() if each.type == type_]

    assert {each.deletes_first for each in made} == {type_ in DELETED_FIRST}
