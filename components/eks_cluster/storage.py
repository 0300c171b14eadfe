"""The default StorageClass of a cluster with the EBS driver."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from .build_context import BuildContext

# Source: kubernetes-sigs/aws-ebs-csi-driver, docs/parameters.md
_PROVISIONER = "ebs.csi.aws.com"


def default_storage_class(
    context: BuildContext, provider: kubernetes.Provider, depends_on: Sequence[pulumi.Resource]
) -> None:
    """
    Make encrypted gp3 volumes the default of a cluster with the EBS driver.

    EKS makes no default class since Kubernetes 1.30: without one, claims that name none wait for
    ever. The volume is made in the zone of the first pod that mounts it.
    """
    if not context.args.ebs_csi_driver:
        return
    kubernetes.storage.v1.StorageClass(
        f"{context.name}-gp3",
        metadata={
            "name": "gp3",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        provisioner=_PROVISIONER,
        parameters={"type": "gp3", "encrypted": "true"},
        volume_binding_mode="WaitForFirstConsumer",
        allow_volume_expansion=True,
        opts=pulumi.ResourceOptions(
            parent=context.parent, provider=provider, depends_on=[*depends_on]
        ),
    )
