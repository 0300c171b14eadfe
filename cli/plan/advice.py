"""
What is not refused in an environment, and should be looked at: names, and quotas of an account.

A cluster is called in AWS as it is in the description, and so are its key's alias and its log
group: in one account and region there can be one of a name. Which account an environment is in is
not described, so this is advice. The name stays what it is: another one replaces the cluster.
"""

import pulumi

from components.environment import Plan
from components.name_matrix import name_problems
from stacks import load, names

# In a region, by default. Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ELASTIC_ADDRESSES = 5
NETWORKS = 5


def advice(name: str, plan: Plan) -> list[str]:
    """List everything that should be looked at; empty if nothing."""
    return [*long_names(plan), *region_quotas(plan), *same_names(name, plan)]


def region_quotas(plan: Plan) -> list[str]:
    """Find regions in which an environment needs more than an account has unasked; pure."""
    found = []
    for region in sorted({cluster.region for cluster in plan.environment.eks}):
        here = [each for each in plan.environment.eks if each.region == region]
        addresses = sum(cluster.nat.gateways for cluster in here)
        names = ", ".join(cluster.name for cluster in here)
        if addresses > ELASTIC_ADDRESSES:
            found.append(
                f"region {region} needs {addresses} elastic IP addresses, for the NAT gateways of "
                f"{names}. An account has {ELASTIC_ADDRESSES} until it asks for more (quota "
                "L-0263D0A3 of ec2). Ask for them, or use nat=NatGateways.SINGLE"
            )
        if len(here) > NETWORKS:
            found.append(
                f"region {region} needs {len(here)} VPCs, of {names}. An account has {NETWORKS} "
                "until it asks for more (quota L-F678F1CE of vpc). Ask for them, or use another "
                "region"
            )
    return found


def long_names(plan: Plan) -> list[str]:
    """Find names that do not fit, also those of services that others might export one day; pure."""
    return name_problems(plan.derived_names)


def same_names(name: str, plan: Plan) -> list[str]:
    """
    Say which clusters of an environment have the name of one of another, in one region.

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
            f"cluster {cluster.name!r} in {cluster.region} is one of environment {other!r} too. In "
            "one account they would be one cluster to AWS. Deploy them to different accounts, or "
            "rename the one that is not deployed yet"
            for cluster in described.eks
            if (cluster.region, cluster.name) in ours
        ]
    return found
