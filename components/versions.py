"""
Every pinned version, and the versions that work together, as data with sources.

A bump is one line here. Versions that are installed together are tested together: Kubernetes,
add-ons, node images, Linkerd, Gateway API. Nothing is looked up. The rules over these tables are in
`support`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

# Linkerd 2.20 is edge-26.6.3; all five charts carry the same version, and the images its edge name.
# Source: linkerd.io, data/versions.yaml; linkerd2, bin/compute-edge-version
LINKERD_CHART = "2026.6.3"
LINKERD_EDGE = "edge-26.6.3"

# The stable repository has been frozen since February 2024; edge is where releases are.
# Source: https://linkerd.io/releases/
LINKERD_CHARTS = "https://helm.linkerd.io/edge"
FROZEN_CHARTS = "helm.linkerd.io/stable"

# The newest Kubernetes in the documentation of Linkerd 2.20.
KUBERNETES = "1.35"

# The node image that kind 0.31.0 was released with, which tehcyx/kind 0.11.0 embeds.
# Source: https://github.com/kubernetes-sigs/kind/releases/tag/v0.31.0
KIND_NODE_IMAGE = "kindest/node:v1.35.0"

# Newest chart of the controller, August 2026; it needs Kubernetes 1.22 or later.
# Source: aws/eks-charts, stable/aws-load-balancer-controller/Chart.yaml; the controller's
# docs/deploy/installation.md
LOAD_BALANCER_CONTROLLER_CHART = "3.5.0"
LOAD_BALANCER_CONTROLLER_CHARTS = "https://aws.github.io/eks-charts"


class Phase(Enum):
    """Whether an add-on is installed before or after the nodes."""

    BEFORE_NODES = "before nodes"
    """Nodes that start before the network plug-in never become ready (terraform-aws-eks #3446)."""

    AFTER_NODES = "after nodes"
    """Without nodes, its pods stay pending and the add-on degraded (pulumi-eks #1819)."""


@dataclass(frozen=True, kw_only=True)
class Addon:
    """One EKS add-on at its pinned version."""

    name: str
    """Its name in EKS."""

    version: str
    """Its version."""

    phase: Phase
    """When it is installed."""


@dataclass(frozen=True, kw_only=True)
class EksRelease:
    """Add-ons, node images and end of support of one minor version of Kubernetes on EKS."""

    support_end: date
    """Last day of standard support; then AWS upgrades the cluster (support type STANDARD)."""

    addons: tuple[Addon, ...]
    """Add-ons of every cluster."""

    ebs_csi_driver: Addon
    """The add-on for EBS volumes, of clusters with `ebs_csi_driver`."""

    al2023: str
    """Release of the Amazon Linux 2023 node image, of either architecture."""

    bottlerocket: str
    """Release of the Bottlerocket node image, of either architecture."""


def _release(
    support_end: date,
    *,
    vpc_cni: str,
    kube_proxy: str,
    coredns: str,
    ebs_csi_driver: str,
    al2023: str,
) -> EksRelease:
    before, after = Phase.BEFORE_NODES, Phase.AFTER_NODES
    return EksRelease(
        support_end=support_end,
        addons=(
            Addon(name="vpc-cni", version=vpc_cni, phase=before),
            Addon(name="kube-proxy", version=kube_proxy, phase=before),
            Addon(name="eks-pod-identity-agent", version="v1.3.10-eksbuild.3", phase=before),
            Addon(name="coredns", version=coredns, phase=after),
        ),
        ebs_csi_driver=Addon(name="aws-ebs-csi-driver", version=ebs_csi_driver, phase=after),
        al2023=al2023,
        # The release is Bottlerocket's, not Kubernetes'. AMIs of 2026-04-01, as listed by
        # `aws ec2 describe-images` in a public report on that release. Today's:
        # aws ssm get-parameter --name /aws/service/bottlerocket/aws-k8s-1.35/x86_64/latest/\
        # image_version --query Parameter.Value --output text
        bottlerocket="1.58.0-c5c37032",
    )


# Ends of support: https://endoflife.date/amazon-eks, read February 2026. AWS' own table:
# https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
#
# Add-ons and images were not read from AWS: they are from records of public environments that run
# them. 1.35: AWS' default versions and the recommended image of 2026-08-04 in
# ap-northeast-2; image v20260728 is also in awslabs/amazon-eks-ami's releases, for x86_64. 1.34:
# captured from a live cluster in summer 2026, image v20260801. Regions may differ; today's:
#   aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name coredns
#   aws ssm get-parameter --query Parameter.Value --output text --name /aws/service/eks/\
#     optimized-ami/1.35/amazon-linux-2023/x86_64/standard/recommended/release_version
EKS_RELEASES: Mapping[str, EksRelease] = {
    "1.34": _release(
        date(2026, 12, 2),
        vpc_cni="v1.22.3-eksbuild.1",
        kube_proxy="v1.34.6-eksbuild.13",
        coredns="v1.13.2-eksbuild.11",
        ebs_csi_driver="v1.63.0-eksbuild.1",
        al2023="1.34.9-20260801",
    ),
    "1.35": _release(
        date(2027, 3, 27),
        vpc_cni="v1.22.3-eksbuild.1",
        kube_proxy="v1.35.3-eksbuild.17",
        coredns="v1.13.2-eksbuild.11",
        ebs_csi_driver="v1.63.1-eksbuild.1",
        al2023="1.35.6-20260728",
    ),
}

# Versions whose standard support has ended. Source: as above
ENDED_SUPPORT = {"1.33": date(2026, 7, 29)}


@dataclass(frozen=True, kw_only=True)
class LinkerdRelease:
    """Kubernetes and Gateway API of one release of Linkerd."""

    name: str
    """Its name in Linkerd's documentation."""

    first_chart: str
    """Its first chart version; later edge releases follow."""

    kubernetes: tuple[str, str]
    """Oldest and newest Kubernetes in its documentation."""

    gateway_api: tuple[str, str]
    """Oldest and newest Gateway API that it supports."""


# Before 2.18, charts have no mirror controllers and no `Link` of version v1alpha3.
# Sources, read November 2026: https://linkerd.io/2/reference/k8s-versions (2.20: 2-edge);
# linkerd.io, data/versions.yaml and 2-edge/features/gateway-api. The Gateway API of 2.18 and 2.19
# is the one in their charts, up to the recommended one: their documentation names no range; newer
# ones are documented from 2.20 on.
LINKERD_RELEASES = (
    LinkerdRelease(
        name="2.18",
        first_chart="2025.4.4",
        kubernetes=("1.22", "1.32"),
        gateway_api=("1.1.1", "1.2.1"),
    ),
    LinkerdRelease(
        name="2.19",
        first_chart="2025.10.7",
        kubernetes=("1.29", "1.34"),
        gateway_api=("1.1.1", "1.2.1"),
    ),
    LinkerdRelease(
        name="2.20",
        first_chart=LINKERD_CHART,
        kubernetes=("1.31", "1.35"),
        gateway_api=("1.2.1", "1.5.1"),
    ),
)
