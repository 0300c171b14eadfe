"""What an EKS cluster is told, and what is refused before anything is made."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pulumi

from ..access_entry import AccessEntry, access_problems
from ..ingress import API_BLOCKS_LIMIT, IngressRule, block_problems
from ..node_group import NodeGroup, node_problems
from ..retention import retention_problem
from ..support import support_problems
from ..versions import KUBERNETES

# EKS refuses them among the addresses that may call a public endpoint.
# Source: https://repost.aws/knowledge-center/eks-lock-api-access-IP-addresses; RFC 1918, RFC 6598,
# RFC 1122, RFC 3927
_PRIVATE = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
        ),
    )
)

_ROLE = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """Where, for whom, and how large."""

    region: str
    """AWS region, e.g. `eu-west-1`."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC that the subnets are in."""

    node_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the private subnets of the nodes, in at least two zones."""

    control_plane_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the subnets of the API server's interfaces, in at least two zones."""

    access: Sequence[AccessEntry]
    """Who may do what; at least one administrator of the whole cluster."""

    api_access: Sequence[pulumi.Input[str]] = ()
    """
    Public CIDR blocks that may call the API server, which otherwise is reached from its VPC only.

    Empty turns the public endpoint off. 0.0.0.0/0 and private ranges are refused.
    """

    ingress: Sequence[IngressRule] = ()
    """What other networks may call: rules of the security group of API server and nodes."""

    kubernetes_version: str = KUBERNETES
    """Minor version of Kubernetes; one for which add-ons and node images are pinned."""

    node_group: NodeGroup = field(default_factory=NodeGroup)
    """How many nodes, and of which kind."""

    ebs_csi_driver: bool = False
    """Whether pods can ask for EBS volumes; off, since nothing of ours does."""

    oidc_provider: bool = False
    """
    Whether IAM trusts the cluster's service accounts (IRSA).

    Off: pods get roles by Pod Identity, and an account can hold only 100 such providers.
    """

    log_retention_days: int = 90
    """How long the API server's logs are kept, in days, one of the numbers that AWS knows."""

    protect: bool = False
    """Whether AWS and Pulumi refuse to delete or replace cluster and key; for production."""

    kubeconfig_role: str | None = None
    """ARN of an IAM role that the kubeconfig assumes first; None: whoever uses it, as they are."""

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of everything."""

    def __post_init__(self) -> None:
        problems = [
            *support_problems(self.kubernetes_version),
            *node_problems(self.node_group),
            *access_problems(self.access),
            *_endpoint_problems(self.api_access),
            *_ingress_problems(self.ingress),
            *_kubeconfig_problems(self.kubeconfig_role),
        ]
        if retention := retention_problem("log_retention_days", self.log_retention_days):
            problems.append(retention)
        if problems:
            raise ValueError("\n".join(problems))


def _endpoint_problems(blocks: Sequence[pulumi.Input[str]]) -> Iterator[str]:
    if len(blocks) > API_BLOCKS_LIMIT:
        yield (
            f"api_access must name at most {API_BLOCKS_LIMIT} CIDR blocks (got {len(blocks)}). "
            "EKS takes no more. Use: fewer, wider blocks of your own"
        )
    for block in blocks:
        if not isinstance(block, str):
            continue
        if malformed := block_problems("api_access", block):
            yield from malformed
        else:
            yield from _public_problems(ipaddress.ip_network(block))


def _public_problems(block: ipaddress.IPv4Network | ipaddress.IPv6Network) -> Iterator[str]:
    if isinstance(block, ipaddress.IPv6Network):
        yield (
            f"api_access must name IPv4 blocks (got {block}). The public endpoint of an IPv4 "
            'cluster has no IPv6 address. Use: api_access=["198.51.100.10/32"]'
        )
    elif any(block.overlaps(private) for private in _PRIVATE):
        yield (
            f"api_access must name public addresses (got {block}). EKS refuses private ranges, "
            "which reach the private endpoint. Use: an IngressRule for port 443 in ingress"
        )


def _ingress_problems(rules: Sequence[IngressRule]) -> Iterator[str]:
    names = [rule.name for rule in rules]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield (
            f"ingress must give each rule a name of its own (got {name!r} {names.count(name)} "
            "times). It is part of logical names. Rename one."
        )


def _kubeconfig_problems(role: str | None) -> Iterator[str]:
    if role is not None and not _ROLE.fullmatch(role):
        yield (
            f"kubeconfig_role must be the ARN of an IAM role (got {role!r}). `aws eks get-token` "
            'assumes it. Use: kubeconfig_role="arn:aws:iam::111122223333:role/operators"'
        )
