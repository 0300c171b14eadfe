"""
Advice about a valid description: names, quotas of an account, and versions.

A cluster has the same name in AWS as in the description, and so do its key alias and its log group:
in one account and region a name is unique. The description does not contain the account, so this is
advice and no validation. Changing the name of a deployed cluster would replace it.
"""

from datetime import UTC, date, datetime

import pulumi

from components.environment import Plan
from components.name_matrix import name_problems
from components.support import ENDING, support_end
from stacks import load, names

# In a region, by default. Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ELASTIC_ADDRESSES = 5
NETWORKS = 5


def advice(name: str, plan: Plan) -> list[str]:
    """List everything that should be checked."""
    today = datetime.now(UTC).date()
    return [
        *long_names(plan),
        *region_quotas(plan),
        *same_names(name, plan),
        *ending_support(plan, today),
    ]


def region_quotas(plan: Plan) -> list[str]:
    """Find regions in which an environment exceeds the default quotas of an account."""
    found = []
    for region in sorted({cluster.region for cluster in plan.environment.eks}):
        here = [each for each in plan.environment.eks if each.region == region]
        addresses = sum(cluster.nat.gateways for cluster in here)
        clusters = ", ".join(cluster.name for cluster in here)
        if addresses > ELASTIC_ADDRESSES:
            found.append(
                f"region {region} needs {addresses} elastic IP addresses, for the NAT gateways of "
                f"{clusters}. An account has {ELASTIC_ADDRESSES} until it asks for more (quota "
                "L-0263D0A3 of ec2). Ask for them, or use nat=NatGateways.SINGLE"
            )
        if len(here) > NETWORKS:
            found.append(
                f"region {region} needs {len(here)} VPCs, of {clusters}. An account has {NETWORKS} "
                "until it asks for more (quota L-F678F1CE of vpc). Ask for them, or use another "
                "region"
            )
    return found


def long_names(plan: Plan) -> list[str]:
    """Find names that are too long, also those of services that may be exported later."""
    return name_problems(plan.derived_names)


def ending_support(plan: Plan, today: date) -> list[str]:
    """List EKS clusters with a Kubernetes whose standard support ends soon."""
    return [
        f"cluster {cluster.name!r}: AWS' standard support of Kubernetes {cluster.kubernetes} ends "
        f"on {end}, and then AWS upgrades the control plane on its own. Upgrade it before, one "
        "minor version at a time: Eks(kubernetes=...)"
        for cluster in plan.environment.eks
        if (end := support_end(cluster.kubernetes)) - today <= ENDING
    ]


def same_names(name: str, plan: Plan) -> list[str]:
    """
    Find clusters with the same name and region as one of another environment.

    Another environment that cannot be loaded is reported; it does not matter for this one.
    """
    ours = {(cluster.region, cluster.name) for cluster in plan.environment.eks}
    found = []
    for other in (each for each in names() if ours and each != name):
        try:
            described = load(other).environment
        except pulumi.RunError as error:
            problem = str(error).strip().splitlines()[-1].strip()
            found.append(f"environment {other!r} cannot be compared with this one: {problem}")
            continue
        found += [
            f"cluster {cluster.name!r} in {cluster.region} is in environment {other!r} too. In one "
            "account, AWS would treat them as one cluster. Deploy them to different accounts, or "
            "rename the one that is not deployed yet"
            for cluster in described.eks
            if (cluster.region, cluster.name) in ours
        ]
    return found
