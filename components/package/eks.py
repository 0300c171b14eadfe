"""`Network` and `EksCluster` for other languages."""

import pulumi

from ..eks_cluster import EksCluster, EksClusterArgs
from ..network import Network, NetworkArgs
from .crossing import Crossing, Given, chosen, fields


def _network(name: str, given: Given, opts: pulumi.ResourceOptions) -> Network:
    return Network(name, NetworkArgs(**given), opts)


def _cluster(name: str, given: Given, opts: pulumi.ResourceOptions) -> EksCluster:
    return EksCluster(name, EksClusterArgs(**given), opts)


CROSSINGS = {
    "Network": Crossing(
        component=Network,
        inputs=fields(NetworkArgs, without=["provider"]),
        outputs=chosen(
            Network,
            "region",
            "cidr_block",
            "vpc_id",
            "private_subnet_ids",
            "public_subnet_ids",
            "control_plane_subnet_ids",
            "nat_public_ips",
            "private_route_table_ids",
        ),
        make=_network,
    ),
    "EksCluster": Crossing(
        component=EksCluster,
        inputs=fields(EksClusterArgs),
        outputs=chosen(
            EksCluster,
            "region",
            "vpc_id",
            "api_server",
            "certificate_authority_data",
            "certificate_authority_expiry",
            "kubeconfig",
            "support_end",
            "cluster_security_group_id",
            "cluster_iam_role_name",
            "node_iam_role_name",
            "oidc_issuer_url",
        ),
        make=_cluster,
    ),
}
