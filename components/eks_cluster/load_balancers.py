"""
What makes Network Load Balancers for Services: the AWS Load Balancer Controller.

It gets its rights by Pod Identity, and is told region and VPC, so that it never asks the instance
metadata, which answers nodes alone. It looks after Services that name its class, and is nobody's
default: when it is down, nobody else's Services are refused.
Decision: docs/decisions/0006-aws-load-balancer-controller.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .. import helm
from ..versions import LOAD_BALANCER_CONTROLLER_CHART, LOAD_BALANCER_CONTROLLER_CHARTS
from .cluster import EksCluster
from .load_balancer_policy import controller_policy
from .roles import PODS, trust_policy

CHART = helm.Chart(name="aws-load-balancer-controller", version=LOAD_BALANCER_CONTROLLER_CHART)
NAMESPACE = "kube-system"
ACCOUNT = "aws-load-balancer-controller"

# What a Service says to be the controller's.
# Source: aws-load-balancer-controller, docs/guide/service/nlb.md
LOAD_BALANCER_CLASS = "service.k8s.aws/nlb"

# One leads, one waits.
REPLICAS = 2

# Each would call what the policy does not hold. Gateway API is Linkerd's here: its definitions are
# on the cluster, and make the controller look after gateways unless it is told not to.
# Source: aws-load-balancer-controller, pkg/config/feature_gates.go, pkg/gateway/crddetect
UNUSED = (
    "ALBGatewayAPI",
    "GatewayListenerSet",
    "LBCapacityReservation",
    "NLBGatewayAPI",
    "SubnetDiscoveryByReachability",
)


@dataclass(frozen=True, kw_only=True)
class LoadBalancerControllerArgs:
    """Where the controller runs, and where its load balancers go."""

    cluster: EksCluster
    """The cluster to install on."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC of its load balancers."""

    region: str
    """AWS region of it, e.g. `eu-west-1`."""

    charts: str = LOAD_BALANCER_CONTROLLER_CHARTS
    """Where the chart is: URL of a Helm repository, `oci://` registry, or a folder."""

    image: str | None = None
    """Repository of the controller's image, without its tag; None: the chart's own, on AWS."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of all that the controller makes."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Helm values laid over ours."""


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
        "loadBalancerClass": LOAD_BALANCER_CLASS,
        "defaultTargetType": "ip",
        "defaultLoadBalancerScheme": "internal",
        "enableServiceMutatorWebhook": False,
        # Else each upgrade would make new certificates, and none of its values had changed.
        "keepTLSSecret": True,
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        # Its webhook would refuse everybody's Ingresses while the controller is down.
        "webhookConfig": {"disableIngressValidation": True},
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "controllerConfig": {"featureGates": dict.fromkeys(UNUSED, False)},
        "defaultTags": dict(tags or {}),
    }
    return values if image is None else {**values, "image": {"repository": image}}


class LoadBalancerController(pulumi.ComponentResource):
    """
    The AWS Load Balancer Controller on one EKS cluster.

    Makes:
        an IAM role with one policy, its association with the controller's account, and a Helm
        release in the namespace `kube-system`.
    Needs:
        whatever has a load balancer must depend on it: it must still run when they are removed.
    """

    load_balancer_class: str
    """What a Service's `loadBalancerClass` says to have a load balancer made."""

    role_name: pulumi.Output[str]
    """Name of the controller's IAM role."""

    def __init__(
        self,
        name: str,
        args: LoadBalancerControllerArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LoadBalancerController", name, {}, opts)
        role, granted = _rights(name, args, parent=self)
        self.release = _release(name, args, granted, parent=self)
        self.role_name = role.name
        self.load_balancer_class = LOAD_BALANCER_CLASS
        self.register_outputs({"role_name": self.role_name})


def _rights(
    name: str, args: LoadBalancerControllerArgs, parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    opts = pulumi.ResourceOptions(parent=parent, provider=args.cluster.aws_provider)
    role = aws.iam.Role(name, assume_role_policy=trust_policy(PODS), opts=opts)
    policy = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=pulumi.Output.from_input(args.vpc_id).apply(
            lambda vpc_id: controller_policy(
                cluster=args.cluster.name, region=args.region, vpc_id=vpc_id
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
    # Pods get their role when they are made: one that was there before would never have it.
    values = controller_values(
        cluster=args.cluster.name,
        region=args.region,
        vpc_id=args.vpc_id,
        image=args.image,
        tags=args.tags,
    )
    return helm.release(
        f"{name}-release",
        chart=CHART,
        namespace=NAMESPACE,
        location=args.charts,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
        parent=parent,
        depends_on=granted,
    )
