"""An EKS cluster as its environment plans it, and the controller of its load balancers."""

from collections.abc import Callable

import pulumi

from components.eks_cluster import (
    EksCluster,
    EksClusterArgs,
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.environment import Block, ClusterPlan, Eks, Environment, Opening
from components.ingress import SecurityGroupIngressRule

from .outputs import EksContract, NetworkContract, Stacks
from .settings import Settings

Resolve = Callable[[Block], pulumi.Input[str]]
"""Returns the CIDR block of a NAT gateway, and others as they are."""


def deploy(
    environment: Environment,
    planned: ClusterPlan,
    stacks: Stacks,
    settings: Settings,
    resolve: Resolve,
    tags: dict[str, str],
) -> tuple[EksCluster, list[pulumi.Resource]]:
    """Make one EKS cluster and its load balancer controller."""
    described = planned.described
    assert isinstance(described, Eks)
    network = NetworkContract.from_stack(stacks, described.name)
    args = _args(environment, planned, described, network, resolve, tags)
    made = EksCluster(described.name, args, _opts(described))
    _contract(made).export()
    # On every one, not only where a link comes in: it must outlive the last gateway.
    balancers = LoadBalancerController(
        f"{described.name}-load-balancers",
        LoadBalancerControllerArgs(
            cluster=made,
            charts=settings.aws_charts,
            tags=tags,
        ),
    )
    return made, [balancers]


def _opts(described: Eks) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(protect=described.protect or None)


def _args(
    environment: Environment,
    planned: ClusterPlan,
    described: Eks,
    network: NetworkContract,
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


def _contract(cluster: EksCluster) -> EksContract:
    return EksContract(
        support_end=cluster.support_end,
        certificate_authority_expiry=cluster.certificate_authority_expiry,
        security_group_id=cluster.cluster_security_group_id,
        cluster_role=cluster.cluster_iam_role_name,
        node_role=cluster.node_iam_role_name,
    )
