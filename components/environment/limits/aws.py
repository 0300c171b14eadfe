"""
Quotas of AWS, as they are for an account that has asked for nothing.

Which account a cluster is in is not described: all are counted as if there were one.
Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html;
https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html;
https://docs.aws.amazon.com/eks/latest/best-practices/known_limits_and_service_quotas.html
"""

from collections import Counter
from collections.abc import Callable, Iterator

from ...cidr_blocks import API_BLOCKS_LIMIT
from ...name_matrix import ROLES
from .. import exposure
from ..clusters import Eks
from ..exposure import Enforcement
from ..topology import Topology
from .limit import Limit, Owner, Use

PEERINGS_OF_A_NETWORK = 50

# 50 until June 2025. A private table also has the local route, the default route and the one to S3.
ROUTES_OF_A_TABLE = 500
OWN_ROUTES = 3

# The cluster's group also admits itself and the load balancer's group.
RULES_OF_A_GROUP = 60
OWN_RULES = 2

ELASTIC_ADDRESSES = 5
NETWORKS = 5
CLUSTERS = 100
OIDC_PROVIDERS = 100
ROLES_OF_AN_ACCOUNT = 1000


def _of_clusters(count: Callable[[Topology, Eks], int], most: int) -> Callable[..., Iterator[Use]]:
    """Count something of each EKS cluster."""

    def uses(topology: Topology) -> Iterator[Use]:
        for cluster in topology.environment.eks:
            yield Use(of=cluster.name, count=count(topology, cluster), most=most)

    return uses


def _of_regions(count: Callable[[Eks], int], most: int) -> Callable[..., Iterator[Use]]:
    """Add up something of the EKS clusters of each region."""

    def uses(topology: Topology) -> Iterator[Use]:
        totals: Counter[str] = Counter()
        for cluster in topology.environment.eks:
            totals[cluster.region] += count(cluster)
        for region, total in sorted(totals.items()):
            yield Use(of=region, count=total, most=most)

    return uses


def _of_the_account(count: Callable[[Eks], int], most: int) -> Callable[..., Iterator[Use]]:
    """Add up something of all EKS clusters."""

    def uses(topology: Topology) -> Iterator[Use]:
        if clusters := topology.environment.eks:
            yield Use(of="one account", count=sum(map(count, clusters)), most=most)

    return uses


def _gateway_rules(topology: Topology, cluster: Eks) -> int:
    if not topology.has_gateway(cluster.name):
        return 0
    return _rules(topology, cluster, Enforcement.LOAD_BALANCER)


def _cluster_rules(topology: Topology, cluster: Eks) -> int:
    return OWN_RULES + _rules(topology, cluster, Enforcement.SECURITY_GROUP)


def _rules(topology: Topology, cluster: Eks, enforcement: Enforcement) -> int:
    """Count the rules of a security group: one for each block and port."""
    return sum(
        len(opening.blocks) * len(opening.ports)
        for opening in exposure.openings(topology, cluster.name)
        if opening.row.enforced_by is enforcement
    )


def _endpoint_blocks(topology: Topology, cluster: Eks) -> int:
    openings = exposure.openings(topology, cluster.name)
    return len(exposure.admitted(openings, Enforcement.PUBLIC_ENDPOINT))


def _roles(cluster: Eks) -> int:
    return len(ROLES) - (cluster.flow_log_retention_days is None)


PEERINGS = Limit(
    name="peerings of the network",
    owner=Owner.AWS,
    raised="to 125 on request",
    beyond="AWS refuses more. Link fewer clusters to it, or make a hub of two.",
    uses=_of_clusters(
        lambda topology, cluster: len(topology.peers_of(cluster.name)), PEERINGS_OF_A_NETWORK
    ),
)

ENDPOINT_BLOCKS = Limit(
    name="public blocks that may call the API server",
    owner=Owner.AWS,
    raised="never",
    beyond="EKS refuses more. Give the callers nat=NatGateways.SINGLE, or give only private "
    "operators.",
    uses=_of_clusters(_endpoint_blocks, API_BLOCKS_LIMIT),
)

AWS = (
    Limit(
        name="elastic IP addresses of the region",
        owner=Owner.AWS,
        raised="on request (quota L-0263D0A3 of ec2)",
        beyond="Further NAT gateways fail. Ask for more, or use nat=NatGateways.SINGLE.",
        uses=_of_regions(lambda cluster: cluster.nat.gateways, ELASTIC_ADDRESSES),
    ),
    Limit(
        name="VPCs of the region",
        owner=Owner.AWS,
        raised="to hundreds on request (quota L-F678F1CE of vpc)",
        beyond="Further networks fail. Ask for more, or use another region.",
        uses=_of_regions(lambda _: 1, NETWORKS),
    ),
    Limit(
        name="EKS clusters of the region",
        owner=Owner.AWS,
        raised="on request (quota L-1194D53C of eks)",
        beyond="Further clusters fail. Ask for more, or use another region.",
        uses=_of_regions(lambda _: 1, CLUSTERS),
    ),
    Limit(
        name="OIDC providers of the account",
        owner=Owner.AWS,
        raised="to 700 on request (quota L-858F3967 of iam)",
        beyond="Further clusters fail. Ask for more, or use another account.",
        uses=_of_the_account(lambda _: 1, OIDC_PROVIDERS),
    ),
    Limit(
        name="IAM roles of the account",
        owner=Owner.AWS,
        raised="to 5,000 on request (quota L-FE177D64 of iam)",
        beyond="Further clusters fail. Ask for more, or use another account.",
        uses=_of_the_account(_roles, ROLES_OF_AN_ACCOUNT),
    ),
    PEERINGS,
    Limit(
        name="routes of a table of the network",
        owner=Owner.AWS,
        raised="to 1,000 on request",
        beyond="AWS refuses more. Link fewer clusters to it, or make a hub of two.",
        uses=_of_clusters(
            lambda topology, cluster: len(topology.peers_of(cluster.name)) + OWN_ROUTES,
            ROUTES_OF_A_TABLE,
        ),
    ),
    ENDPOINT_BLOCKS,
    # The load balancer controller makes one group for all source ranges.
    # Source: https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4800
    Limit(
        name="rules of the security group of the gateway",
        owner=Owner.AWS,
        raised="to 200 on request (quota L-0EA8095F of vpc)",
        beyond="The load balancer controller adds no more, and calls of the other clusters fail. "
        "Ask for more, or make a hub of two.",
        uses=_of_clusters(_gateway_rules, RULES_OF_A_GROUP),
    ),
    Limit(
        name="rules of the security group of the cluster",
        owner=Owner.AWS,
        raised="to 200 on request (quota L-0EA8095F of vpc)",
        beyond="AWS refuses more. Ask for more, or call through the gateway.",
        uses=_of_clusters(_cluster_rules, RULES_OF_A_GROUP),
    ),
)
