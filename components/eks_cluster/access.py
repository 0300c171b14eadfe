"""
Access entries and the associations of their policies.

The logical name of an entry contains its principal, so that removing the first of a list changes no
other. With numbers in their names, as before, each entry would become the next one, and EKS has one
entry per principal.

The id of an association does not name its scope. If it were made in a new scope before the old one
is deleted, the deletion would remove both.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext


def access_entries(context: BuildContext, cluster: aws.eks.Cluster) -> list[pulumi.Resource]:
    """Make an entry and its policy association for each principal."""
    made: list[pulumi.Resource] = []
    for index, access in enumerate(context.args.access_entries):
        name = f"{context.name}-access-{access.label}"
        former = (
            [pulumi.Alias(name=f"{context.name}-admin-{index}")] if access.is_cluster_admin else []
        )
        entry = aws.eks.AccessEntry(
            name,
            cluster_name=cluster.name,
            principal_arn=access.principal_arn,
            type="STANDARD",
            opts=_opts(context, former),
        )
        scope = {"type": "namespace", "namespaces": [*access.namespaces]}
        policy = aws.eks.AccessPolicyAssociation(
            name,
            cluster_name=cluster.name,
            principal_arn=entry.principal_arn,
            policy_arn=access.policy_arn,
            access_scope=scope if access.namespaces else {"type": "cluster"},
            opts=pulumi.ResourceOptions.merge(
                _opts(context, former), pulumi.ResourceOptions(delete_before_replace=True)
            ),
        )
        made += [entry, policy]
    return made


def _opts(context: BuildContext, former: Sequence[pulumi.Alias]) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(context.opts(), pulumi.ResourceOptions(aliases=[*former]))
