"""What an EKS cluster refuses to be told, all of it together."""

from typing import Any

import pytest

from components.eks_cluster import IngressRule, NodeGroup

from .described import described

BLOCK = "198.51.100.10/32"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"kubernetes_version": "1.33"},
            "kubernetes_version must be one of 1.34, 1.35 (got '1.33'). AWS' standard support of it"
            ' ended on 2026-07-29. Use: kubernetes_version="1.34"',
        ),
        (
            {"node_group": NodeGroup(nodes=2)},
            "nodes must be at least 3 (got 2). Linkerd's high availability puts each replica on a "
            "node of its own. Use: nodes=3",
        ),
        (
            {"access": []},
            "access must name at least one administrator of the whole cluster (got none). Nobody is"
            " administrator by having made it. Use: access=["
            'AccessEntry("arn:aws:iam::111122223333:role/operators")]',
        ),
        (
            {"api_access": ["0.0.0.0/0"]},
            "api_access must not admit the whole internet (got 0.0.0.0/0). Anybody could call it. "
            "Name the addresses that do: 198.51.100.10/32",
        ),
        (
            {"api_access": ["home"]},
            "api_access must name CIDR blocks whose host bits are zero (got 'home'). AWS admits "
            "ranges of addresses only. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 for "
            "many",
        ),
        (
            {"api_access": ["10.20.0.0/16"]},
            "api_access must name public addresses (got 10.20.0.0/16). EKS refuses private ranges, "
            "which reach the private endpoint. Use: an IngressRule for port 443 in ingress",
        ),
        (
            {"api_access": ["2001:db8::/32"]},
            "api_access must name IPv4 blocks (got 2001:db8::/32). The public endpoint of an IPv4 "
            'cluster has no IPv6 address. Use: api_access=["198.51.100.10/32"]',
        ),
        (
            {"api_access": [BLOCK] * 41},
            "api_access must name at most 40 CIDR blocks (got 41). EKS takes no more. "
            "Use: fewer, wider blocks of your own",
        ),
        (
            {"ingress": [IngressRule(name="api", port=443, blocks=(BLOCK,), why="operators")] * 2},
            "ingress must give each rule a name of its own (got 'api' 2 times). It is part of "
            "logical names. Rename one.",
        ),
        (
            {"kubeconfig_role": "operators"},
            "kubeconfig_role must be the ARN of an IAM role (got 'operators'). `aws eks get-token` "
            'assumes it. Use: kubeconfig_role="arn:aws:iam::111122223333:role/operators"',
        ),
    ],
)
def test_it_is_refused_before_anything_is_made(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        described(**wrong)

    assert str(refused.value) == message


def test_a_number_of_days_that_aws_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="log_retention_days must be a number of days"):
        described(log_retention_days=91)


def test_several_problems_are_told_together() -> None:
    with pytest.raises(ValueError, match="must") as refused:
        described(
            kubernetes_version="1.99", node_group=NodeGroup(nodes=1), access=[], api_access=["x"]
        )

    first, second, third, fourth = str(refused.value).splitlines()
    assert first.startswith("kubernetes_version must be one of 1.34, 1.35 (got '1.99').")
    assert second.startswith("nodes must be at least 3 (got 1).")
    assert third.startswith("access must name at least one administrator")
    assert fourth.startswith("api_access must name CIDR blocks")
