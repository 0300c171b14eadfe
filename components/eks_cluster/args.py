"""Arguments of `EksCluster` and their validation."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pulumi

from ..access_entry import AccessEntry, access_problems
from ..arguments import checked
from ..cidr_blocks import API_BLOCKS_LIMIT, is_public
from ..ingress import SecurityGroupIngressRule, block_problems
from ..node_group import NodeGroup, node_problems
from ..partitions import other_partition, partition_problem
from ..retention import retention_problem
from ..support import support_problems
from ..versions import KUBERNETES

_ROLE = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


@checked
@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """
    Arguments of `EksCluster`.

    All problems are reported together, as one `ValueError`.
    """

    region: str
    """AWS region of the VPC, e.g. `eu-west-1`."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC of the subnets; `Network.vpc_id`."""

    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """
    Ids of the subnets of the nodes, in at least two availability zones.

    They must have a way to AWS' services: those of a `Network` do once they are known.
    """

    control_plane_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the subnets of the API server's network interfaces, in at least two zones."""

    access_entries: Sequence[AccessEntry]
    """IAM principals and their permissions; at least one administrator of the whole cluster."""

    public_access_cidrs: Sequence[pulumi.Input[str]] = ()
    """
    Public IPv4 CIDR blocks that may call the API server's public endpoint, at most 40.

    Empty, the default, turns the public endpoint off: only the VPC and what is joined to it reach
    the API server. 0.0.0.0/0 and private ranges are not valid.
    """

    ingress_rules: Sequence[SecurityGroupIngressRule] = ()
    """Ports of API server and nodes that other networks may call; none by default."""

    kubernetes_version: str = KUBERNETES
    """Minor version of Kubernetes, e.g. `1.35`: one of `versions.EKS_RELEASES`."""

    node_group: NodeGroup = field(default_factory=NodeGroup)
    """Number, instance types and operating system of the nodes; three `m7i.large` by default."""

    ebs_csi_driver: bool = False
    """
    Whether the add-on for EBS volumes is installed, with a default StorageClass `gp3`.

    Off, since Linkerd needs no volumes.
    """

    create_oidc_provider: bool = False
    """
    Whether IAM trusts the cluster's service accounts (IRSA).

    Off: pods get roles by Pod Identity, and an account can have only 100 such providers.
    """

    log_retention_days: int = 90
    """Retention of the control plane's logs, in days: a number that CloudWatch accepts."""

    deletion_protection: bool = False
    """Whether AWS and Pulumi refuse to delete or replace cluster and key; for production."""

    kubeconfig_role_arn: str | None = None
    """ARN of an IAM role that the kubeconfig assumes first; None: the caller's own credentials."""

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of every AWS resource of the cluster."""

    def __post_init__(self) -> None:
        problems = [
            *support_problems(self.kubernetes_version),
            *node_problems(self.node_group),
            *access_problems(self.access_entries),
            *_endpoint_problems(self.public_access_cidrs),
            *_ingress_problems(self.ingress_rules),
            *_kubeconfig_problems(self.kubeconfig_role_arn),
        ]
        if retention := retention_problem("log_retention_days", self.log_retention_days):
            problems.append(retention)
        if problems:
            raise ValueError("\n".join(problems))


def _endpoint_problems(blocks: Sequence[pulumi.Input[str]]) -> Iterator[str]:
    if len(blocks) > API_BLOCKS_LIMIT:
        yield (
            f"public_access_cidrs must name at most {API_BLOCKS_LIMIT} CIDR blocks (got "
            f"{len(blocks)}). EKS accepts no more. Use: fewer, wider blocks of your own"
        )
    for block in blocks:
        if not isinstance(block, str):
            continue
        if malformed := block_problems("public_access_cidrs", block):
            yield from malformed
        else:
            yield from _public_problems(ipaddress.ip_network(block))


def _public_problems(block: ipaddress.IPv4Network | ipaddress.IPv6Network) -> Iterator[str]:
    if isinstance(block, ipaddress.IPv6Network):
        yield (
            f"public_access_cidrs must name IPv4 blocks (got {block}). The public endpoint of an "
            'IPv4 cluster has no IPv6 address. Use: public_access_cidrs=["198.51.100.10/32"]'
        )
    elif not is_public(block):
        yield (
            f"public_access_cidrs must name public addresses (got {block}). EKS refuses private "
            "ranges, which reach the private endpoint. Use: a SecurityGroupIngressRule for port 443"
        )


def _ingress_problems(rules: Sequence[SecurityGroupIngressRule]) -> Iterator[str]:
    names = [rule.name for rule in rules]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield (
            f"ingress_rules must each have a name of their own (got {name!r} {names.count(name)} "
            "times). It is part of logical names. Rename one."
        )


def _kubeconfig_problems(role: str | None) -> Iterator[str]:
    if partition := other_partition(role or ""):
        yield partition_problem("kubeconfig_role_arn", str(role), partition)
    elif role is not None and not _ROLE.fullmatch(role):
        yield (
            f"kubeconfig_role_arn must be the ARN of an IAM role (got {role!r}). `aws eks "
            "get-token` assumes it. Use: "
            'kubeconfig_role_arn="arn:aws:iam::111122223333:role/operators"'
        )
