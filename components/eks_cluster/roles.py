"""IAM roles for AWS services and pods: their trust policies and managed policies."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

# Pod Identity tags the session with cluster, namespace and service account.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
PODS = "pods.eks.amazonaws.com"
_POD_ACTIONS = ["sts:AssumeRole", "sts:TagSession"]


def trust_policy(service: str) -> str:
    """Make the trust policy that allows one AWS service to assume a role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": _POD_ACTIONS if service == PODS else "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def role_with_policies(
    name: str, service: str, policies: Sequence[str], opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """
    Make a role for one AWS service, and attach AWS managed policies.

    Args:
        policies: names of AWS managed policies, with a path if they have one.
    Returns: the role, and the attachments that must exist before it is used.
    """
    role = aws.iam.Role(name, assume_role_policy=trust_policy(service), opts=opts)
    attached: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy.rpartition('/')[2]}",
            role=role.name,
            policy_arn=f"arn:aws:iam::aws:policy/{policy}",
            opts=opts,
        )
        for policy in policies
    ]
    return role, attached
