"""
Access entries, as AWS knows them.

An entry's logical name holds its principal, so that taking the first of a list away leaves the
others alone: by number, as it once was, each would become the next, and EKS keeps one entry a
principal.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .making import Making


def access_entries(making: Making, cluster: aws.eks.Cluster) -> list[pulumi.Resource]:
    """Make an entry and its policy for each principal."""
    made: list[pulumi.Resource] = []
    for index, access in enumerate(making.args.access):
        name = f"{making.name}-access-{access.label}"
        former = [pulumi.Alias(name=f"{making.name}-admin-{index}")] if access.administers else []
        entry = aws.eks.AccessEntry(
            name,
            cluster_name=cluster.name,
            principal_arn=access.principal,
            type="STANDARD",
            opts=_opts(making, former),
        )
        scope = {"type": "namespace", "namespaces": [*access.namespaces]}
        policy = aws.eks.AccessPolicyAssociation(
            name,
            cluster_name=cluster.name,
            principal_arn=entry.principal_arn,
            policy_arn=access.policy,
            access_scope=scope if access.namespaces else {"type": "cluster"},
            opts=_opts(making, former),
        )
        made += [entry, policy]
    return made


def _opts(making: Making, former: Sequence[pulumi.Alias]) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(making.opts(), pulumi.ResourceOptions(aliases=[*former]))
