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
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import Properties, has_unknown

# A node needs one policy of each pair.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = (
    ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"),
    ("AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"),
)


def invalid(message: str) -> AwsRefused:
    """Make the refusal of a parameter."""
    return AwsRefused("InvalidParameterException", message, operation="EKS: CreateNodegroup")


def check_sizes(scaling: Properties) -> None:
    """Refuse sizes that contradict one another."""
    if has_unknown(scaling):
        return
    least, wanted, most = (scaling[name] for name in ("minSize", "desiredSize", "maxSize"))
    if not 0 <= least <= wanted <= most or most < 1:
        raise Refused(
            "'scalingConfig' must have minSize <= desiredSize <= maxSize and maxSize >= 1 "
            f"(got {least}, {wanted}, {most}).",
            "scalingConfig",
        )


def check_role(cloud: Cloud, arn: str) -> None:
    """Refuse a role that nodes could not take on, or with which they could not work."""
    role = role_of_arn(cloud, arn)
    if role is None or not trusts(role, "ec2.amazonaws.com", ["sts:AssumeRole"]):
        raise invalid(f"The role with arn {arn} does not exist or does not trust ec2.amazonaws.com")
    names = {each.rpartition("/")[2] for each in attached_policies(cloud, role["RoleName"])}
    missing = [" or ".join(pair) for pair in NODE_POLICIES if not names & set(pair)]
    if missing:
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


def reasons_not_to_join(
    cloud: Cloud, cluster: str, configuration: Properties, subnets: Sequence[ec2.Item]
) -> list[str]:
    """Say why nodes in these subnets would never join the cluster."""
    reasons = []
    addons = cloud.call("eks", "list_addons", clusterName=cluster)["addons"]
    if not configuration["bootstrapSelfManagedAddons"] and "vpc-cni" not in addons:
        reasons.append(
            "no network plug-in: the cluster was made with bootstrapSelfManagedAddons false and "
            "has no add-on vpc-cni"
        )
    for subnet in subnets:
        if reason := reason_not_to_reach(cloud, configuration["vpcConfig"], subnet):
            reasons.append(f"{subnet['SubnetId']} {reason}")
    return reasons
