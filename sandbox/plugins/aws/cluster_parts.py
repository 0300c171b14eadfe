"""
What AWS makes along with a cluster: a security group, network interfaces, and a log group.

ministack invents an id for the group and makes nothing; here they are calls of our own, so that
rules can be added to the group and what a cluster stands on cannot be deleted.
"""

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.logs import find_group


def security_group(cloud: Cloud, name: str, vpc: str) -> str:
    """Make the group of the cluster's own."""
    return ec2.KINDS["security-group"].make(
        cloud,
        GroupName=f"eks-cluster-sg-{name}",
        Description="EKS created security group applied to ENI that is attached to EKS Control "
        "Plane master nodes, as well as any managed workloads.",
        VpcId=vpc,
        # Controllers find it by the second, and policies let them change it by that. EKS sets
        # aws:eks:cluster-name too, which nobody else may.
        TagSpecifications=ec2.tagging(
            "security-group",
            {"Name": f"eks-cluster-sg-{name}", f"kubernetes.io/cluster/{name}": "owned"},
        ),
    )


def place_log_group(cloud: Cloud, name: str) -> None:
    """EKS makes the group for its logs if nobody did; and nobody deletes it then."""
    group = f"/aws/eks/{name}/cluster"
    if find_group(cloud, group) is None:
        cloud.call("logs", "create_log_group", logGroupName=group)


def observe(cloud: Cloud, name: str) -> dict[str, str]:
    """Tell VPC and security group of a cluster by its interfaces; nothing if it has none."""
    for each in ec2.every(cloud, "network-interface", Description=f"Amazon EKS {name}"):
        return {"clusterSecurityGroupId": each["Groups"][0]["GroupId"], "vpcId": each["VpcId"]}
    return {}


def remove(cloud: Cloud, name: str) -> None:
    """Take its interfaces and its security group away."""
    ec2.remove_interfaces(cloud, Description=f"Amazon EKS {name}")
    for group in ec2.every(cloud, "security-group", GroupName=f"eks-cluster-sg-{name}"):
        cloud.call("ec2", "delete_security_group", GroupId=group["GroupId"])
