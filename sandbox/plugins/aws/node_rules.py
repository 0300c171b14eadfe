"""
What decides whether a managed node group may be made, and whether its nodes ever join.

AWS accepts a group whose nodes cannot join, waits half an hour and calls it CREATE_FAILED; here
the reasons are looked up at once.
"""

from collections.abc import Sequence

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import attached_policies, role_of_arn, trusts
from sandbox.plugins.aws.node_reach import reason_not_to_reach

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")


def invalid(message: str) -> AwsRefused:
    """Make the refusal of a parameter."""
    return AwsRefused("InvalidParameterException", message, operation="EKS: CreateNodegroup")


def check_role(cloud: Cloud, arn: str) -> None:
    """Refuse a role that nodes could not take on, or with which they could not work."""
    role = role_of_arn(cloud, arn)
    if role is None or not trusts(role, "ec2.amazonaws.com", ["sts:AssumeRole"]):
        raise invalid(f"The role with arn {arn} does not exist or does not trust ec2.amazonaws.com")
    names = {each.rpartition("/")[2] for each in attached_policies(cloud, role["RoleName"])}
    if missing := [each for each in NODE_POLICIES if each not in names]:
        raise invalid(
            "The provided role doesn't have the Amazon EKS Managed Policies associated with it. "
            f"Please ensure the following policies are attached: {', '.join(missing)}"
        )


def check_subnets(cloud: Cloud, subnets: Sequence[str], vpc: str) -> list[ec2.Item]:
    """Refuse subnets that do not exist or are of another VPC than the cluster."""
    found = []
    for id in subnets:
        subnet = ec2.find(cloud, "subnet", id)
        if subnet is None or subnet["VpcId"] != vpc:
            raise invalid(f"The subnet ID '{id}' does not exist in the cluster's VPC {vpc}")
        found.append(subnet)
    return found


def reasons_not_to_join(cloud: Cloud, cluster: str, subnets: Sequence[ec2.Item]) -> list[str]:
    """Say why nodes in these subnets would never join the cluster."""
    reasons = []
    if "vpc-cni" not in cloud.call("eks", "list_addons", clusterName=cluster)["addons"]:
        reasons.append("no network plug-in: the cluster has no add-on vpc-cni")
    for subnet in subnets:
        if reason := reason_not_to_reach(cloud, subnet):
            reasons.append(f"{subnet['SubnetId']} {reason}")
    return reasons
