"""An EKS cluster as an environment describes it, and what makes load balancers on it."""

from collections.abc import Mapping, Sequence

import pulumi

from components.eks_cluster import (
    EksCluster,
    EksClusterArgs,
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.environment import Eks, Environment, exposure

from .outputs import EksContract, NetworkContract, Stacks
from .settings import Settings


def deploy(
    environment: Environment,
    described: Eks,
    stacks: Stacks,
    settings: Settings,
    nats: Mapping[str, Sequence[exposure.Block]],
    tags: dict[str, str],
) -> tuple[EksCluster, list[pulumi.Resource]]:
    """Make one EKS cluster and its load balancer controller."""
    network = NetworkContract.from_stack(stacks, described.name)
    cluster = EksCluster(
        described.name, _args(environment, described, network, nats, tags), _opts(described)
    )
    _contract(cluster).export()
    # On every one, not only where a link comes in: it must outlive the last gateway.
    balancers = LoadBalancerController(
        f"{described.name}-load-balancers",
        LoadBalancerControllerArgs(
            cluster=cluster,
            vpc_id=network.vpc_id,
            region=described.region,
            charts=settings.aws_charts,
            tags=tags,
        ),
    )
    return cluster, [balancers]


def _opts(described: Eks) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(protect=described.protect or None)


def _args(
    environment: Environment,
    described: Eks,
    network: NetworkContract,
    nats: Mapping[str, Sequence[exposure.Block]],
    tags: dict[str, str],
) -> EksClusterArgs:
    return EksClusterArgs(
        region=described.region,
        vpc_id=network.vpc_id,
        node_subnet_ids=network.private_subnet_ids,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        access=environment.access_entries,
        api_access=exposure.api_access(environment, described.name, nats),
        ingress=exposure.ingress(environment, described.name),
        kubernetes_version=described.kubernetes,
        node_group=described.node_group,
        log_retention_days=described.log_retention_days,
        protect=described.protect,
        tags=tags,
    )


def _contract(cluster: EksCluster) -> EksContract:
    return EksContract(
        support_end=cluster.support_end,
        certificate_authority_expiry=cluster.certificate_authority_expiry,
        security_group_id=cluster.security_group_id,
        cluster_role=cluster.cluster_role_name,
        node_role=cluster.node_role_name,
    )
