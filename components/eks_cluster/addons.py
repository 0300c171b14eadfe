"""
Add-ons, each in its phase.

The network plug-in's rights are the nodes' own (AmazonEKS_CNI_Policy), not Pod Identity's: on a new
node it would need the agent, whose pod the node runs only later, and no other pod gets at the
node's rights, since metadata answers the node alone.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ..versions import EKS_RELEASES, Addon, Phase
from .making import Making
from .roles import PODS, role_with_policies

# Source: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
_EBS_ACCOUNT = "ebs-csi-controller-sa"
_EBS_POLICY = "service-role/AmazonEBSCSIDriverPolicy"


def addons(
    making: Making,
    cluster: aws.eks.Cluster,
    phase: Phase,
    depends_on: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Install the add-ons of one phase, after something."""
    release = EKS_RELEASES[making.args.kubernetes_version]
    made: list[pulumi.Resource] = [
        _addon(making, cluster, addon, depends_on)
        for addon in release.addons
        if addon.phase is phase
    ]
    if making.args.ebs_csi_driver and release.ebs_csi_driver.phase is phase:
        made.append(_ebs_csi_driver(making, cluster, release.ebs_csi_driver, depends_on))
    return made


def _ebs_csi_driver(
    making: Making,
    cluster: aws.eks.Cluster,
    addon: Addon,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.Addon:
    role, attached = role_with_policies(
        f"{making.name}-ebs-csi", PODS, [_EBS_POLICY], making.opts()
    )
    association = {"service_account": _EBS_ACCOUNT, "role_arn": role.arn}
    return _addon(making, cluster, addon, [*depends_on, *attached], [association])


def _addon(
    making: Making,
    cluster: aws.eks.Cluster,
    addon: Addon,
    depends_on: Sequence[pulumi.Resource],
    associations: Sequence[dict[str, pulumi.Input[str]]] = (),
) -> aws.eks.Addon:
    return aws.eks.Addon(
        f"{making.name}-{addon.name}",
        cluster_name=cluster.name,
        addon_name=addon.name,
        addon_version=addon.version,
        pod_identity_associations=[*associations] or None,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="PRESERVE",
        opts=making.opts(depends_on),
    )
