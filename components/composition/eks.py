"""An EKS cluster as its environment plans it, and the controller of its load balancers."""

import pulumi

from ..eks_cluster import (
    EksCluster,
    EksClusterArgs,
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from ..environment import ClusterPlan, Eks, Environment, Opening
from ..ingress import SecurityGroupIngressRule
from .addresses import EksNetwork, Resolve
from .charts import ChartSources


def make_eks(
    environment: Environment,
    planned: ClusterPlan,
    network: EksNetwork,
    charts: ChartSources,
    resolve: Resolve,
    tags: dict[str, str],
    parent: pulumi.Resource | None = None,
) -> tuple[EksCluster, LoadBalancerController]:
    """Make one EKS cluster and its load balancer controller."""
    described = planned.described
    assert isinstance(described, Eks)
    made = EksCluster(
        described.name,
        _args(environment, planned, described, network, resolve, tags),
        pulumi.ResourceOptions(parent=parent, protect=described.protect or None),
    )
    # On every one, not only where a link comes in: it must outlive the last gateway.
    controller = LoadBalancerController(
        f"{described.name}-load-balancers",
        LoadBalancerControllerArgs(
            cluster=made,
            charts=charts.aws_charts,
            tags=tags,
        ),
        pulumi.ResourceOptions(parent=parent),
    )
    return made, controller


def _args(
    environment: Environment,
    planned: ClusterPlan,
    described: Eks,
    network: EksNetwork,
    resolve: Resolve,
    tags: dict[str, str],
) -> EksClusterArgs:
    return EksClusterArgs(
        region=described.region,
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        access_entries=environment.access_entries,
        public_access_cidrs=[resolve(block) for block in planned.public_access],
        ingress_rules=[
            rule for opening in planned.security_group_openings for rule in _rules(opening, resolve)
        ],
        kubernetes_version=described.kubernetes,
        node_group=described.node_group,
        log_retention_days=described.log_retention_days,
        deletion_protection=described.protect,
        tags=tags,
    )


def _rules(opening: Opening, resolve: Resolve) -> list[SecurityGroupIngressRule]:
    """Make the rules of the security group for one opening, one for each port."""
    blocks = tuple(resolve(block) for block in opening.blocks)
    return [
        SecurityGroupIngressRule(
            name=opening.row.name, from_port=port, cidr_blocks=blocks, description=opening.row.why
        )
        for port in opening.ports
    ]
