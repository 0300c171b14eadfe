"""
EKS add-ons, installed before or after the nodes.

The network plug-in has the permissions of the nodes' role (AmazonEKS_CNI_Policy) and no Pod
Identity: on a new node that would need the agent, whose pod starts later. No other pod can use the
role of the node, since instance metadata answers the node alone.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ..versions import EKS_RELEASES, Addon, Phase
from .build_context import BuildContext
from .roles import PODS, role_with_policies

# Source: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
_EBS_ACCOUNT = "ebs-csi-controller-sa"
_EBS_POLICY = "service-role/AmazonEBSCSIDriverPolicy"


def addons(
    context: BuildContext,
    cluster: aws.eks.Cluster,
    phase: Phase,
    depends_on: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Install the add-ons of one phase, after other resources."""
    release = EKS_RELEASES[context.args.kubernetes_version]
    made: list[pulumi.Resource] = [
        _addon(context, cluster, addon, depends_on)
        for addon in release.addons
        if addon.phase is phase
    ]
    if context.args.ebs_csi_driver and release.ebs_csi_driver.phase is phase:
        made.append(_ebs_csi_driver(context, cluster, release.ebs_csi_driver, depends_on))
    return made


def _ebs_csi_driver(
    context: BuildContext,
    cluster: aws.eks.Cluster,
    addon: Addon,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.Addon:
    role, attached = role_with_policies(
        f"{context.name}-ebs-csi", PODS, [_EBS_POLICY], context.opts()
    )
    association = {"service_account": _EBS_ACCOUNT, "role_arn": role.arn}
    return _addon(context, cluster, addon, [*depends_on, *attached], [association])


def _addon(
    context: BuildContext,
    cluster: aws.eks.Cluster,
    addon: Addon,
    depends_on: Sequence[pulumi.Resource],
    associations: Sequence[dict[str, pulumi.Input[str]]] = (),
) -> aws.eks.Addon:
    return aws.eks.Addon(
        f"{context.name}-{addon.name}",
        cluster_name=cluster.name,
        addon_name=addon.name,
        addon_version=addon.version,
        pod_identity_associations=[*associations] or None,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="PRESERVE",
        opts=context.opts(depends_on),
    )
