"""
The AWS Load Balancer Controller, which makes Network Load Balancers for Services.

It has its permissions by Pod Identity. Region and VPC are given to it, since it cannot read them
from the instance metadata, which answers nodes alone. It handles only Services that name its class:
while it is down, other Services work.
Decision: docs/decisions/0006-aws-load-balancer-controller.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .. import helm
from ..arguments import checked
from ..load_balancer import NLB_CLASS
from ..versions import LOAD_BALANCER_CONTROLLER_CHART, LOAD_BALANCER_CONTROLLER_CHARTS
from .cluster import EksCluster
from .load_balancer_policy import controller_policy
from .roles import PODS, trust_policy

CHART = helm.Chart(name="aws-load-balancer-controller", version=LOAD_BALANCER_CONTROLLER_CHART)
NAMESPACE = "kube-system"
ACCOUNT = "aws-load-balancer-controller"

# One leader, one standby.
REPLICAS = 2

# Each would make calls that the policy does not allow. The Gateway API is Linkerd's here: its CRDs
# are on the cluster, and the controller would handle gateways unless that is turned off.
# Source: aws-load-balancer-controller, pkg/config/feature_gates.go, pkg/gateway/crddetect
DISABLED_FEATURES = (
    "ALBGatewayAPI",
    "GatewayListenerSet",
    "LBCapacityReservation",
    "NLBGatewayAPI",
    "SubnetDiscoveryByReachability",
)


@checked
@dataclass(frozen=True, kw_only=True)
class LoadBalancerControllerArgs:
    """Arguments of `LoadBalancerController`."""

    cluster: EksCluster
    """The cluster to install on; its load balancers are in the VPC of the cluster."""

    charts: str | None = None
    """
    Location of the chart: URL of a Helm repository, `oci://` registry, or folder.

    None: AWS' own repository, `versions.LOAD_BALANCER_CONTROLLER_CHARTS`.
    """

    image: str | None = None
    """Repository of the controller's image, without a tag; None: the chart's own, on AWS."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the AWS resources that the controller makes."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart aws-load-balancer-controller, merged last."""


def controller_values(
    *,
    cluster: str,
    region: str,
    vpc_id: pulumi.Input[str],
    image: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Make the Helm values of the aws-load-balancer-controller chart."""
    values: dict[str, Any] = {
        "clusterName": cluster,
        "region": region,
        "vpcId": vpc_id,
        "replicaCount": REPLICAS,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"memory": "256Mi"},
        },
        "serviceAccount": {"create": True, "name": ACCOUNT},
        "loadBalancerClass": NLB_CLASS,
        "defaultTargetType": "ip",
        "defaultLoadBalancerScheme": "internal",
        "enableServiceMutatorWebhook": False,
        # Otherwise each upgrade would make new certificates without a change of values.
        "keepTLSSecret": True,
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        # Its webhook would refuse all Ingresses while the controller is down.
        "webhookConfig": {"disableIngressValidation": True},
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "controllerConfig": {"featureGates": dict.fromkeys(DISABLED_FEATURES, False)},
        "defaultTags": dict(tags or {}),
    }
    return values if image is None else {**values, "image": {"repository": image}}


class LoadBalancerController(pulumi.ComponentResource):
    """
    The AWS Load Balancer Controller on one EKS cluster.

    Makes:
        an IAM role with one policy, its association with the controller's service account, and a
        Helm release in the namespace `kube-system`.
    Needs:
        Services with a load balancer must depend on it, since it deletes their load balancers:
        `NlbGateway(controller=...)` does so; for others use `depends_on`.
    Example:
        LoadBalancerController("west-load-balancers", LoadBalancerControllerArgs(cluster=west))
    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/
    """

    load_balancer_class: str
    """The `loadBalancerClass` of Services that the controller handles: `service.k8s.aws/nlb`."""

    iam_role_name: pulumi.Output[str]
    """Name of the controller's IAM role."""

    def __init__(
        self,
        name: str,
        args: LoadBalancerControllerArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LoadBalancerController", name, {}, opts)
        role, granted = _permissions(name, args, parent=self)
        self.release = _release(name, args, granted, parent=self)
        self.iam_role_name = role.name
        self.load_balancer_class = NLB_CLASS
        self.register_outputs({"iam_role_name": self.iam_role_name})


def _permissions(
    name: str, args: LoadBalancerControllerArgs, parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    opts = pulumi.ResourceOptions(parent=parent, provider=args.cluster.aws_provider)
    role = aws.iam.Role(name, assume_role_policy=trust_policy(PODS), opts=opts)
    policy = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=pulumi.Output.from_input(args.cluster.vpc_id).apply(
            lambda vpc_id: controller_policy(
                cluster=args.cluster.name, region=args.cluster.region, vpc_id=vpc_id
            )
        ),
        opts=opts,
    )
    association = aws.eks.PodIdentityAssociation(
        name,
        cluster_name=args.cluster.name,
        namespace=NAMESPACE,
        service_account=ACCOUNT,
        role_arn=role.arn,
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(depends_on=[args.cluster.provider])
        ),
    )
    return role, [policy, association]


def _release(
    name: str,
    args: LoadBalancerControllerArgs,
    granted: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    # Pods get their role when they are created: an older pod would never have it.
    values = controller_values(
        cluster=args.cluster.name,
        region=args.cluster.region,
        vpc_id=args.cluster.vpc_id,
        image=args.image,
        tags=args.tags,
    )
    return helm.release(
        f"{name}-release",
        chart=CHART,
        namespace=NAMESPACE,
        location=args.charts or LOAD_BALANCER_CONTROLLER_CHARTS,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
        parent=parent,
        depends_on=granted,
    )
