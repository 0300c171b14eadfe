"""Arguments of `EksCluster`: all problems are reported together."""

from typing import Any

import pytest

from linkmesh.eks_cluster import NodeGroup, SecurityGroupIngressRule

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
            "nodes must be at least 3 (got 2). Linkerd's high availability needs a node for "
            "each replica. Use: nodes=3",
        ),
        (
            {"access_entries": []},
            "access_entries must name at least one administrator of the whole cluster (got none). "
            "Creating a cluster makes no principal its administrator. Use: access_entries=["
            'AccessEntry("arn:aws:iam::111122223333:role/operators")]',
        ),
        (
            {"public_access_cidrs": ["0.0.0.0/0"]},
            "public_access_cidrs must not allow the whole internet (got 0.0.0.0/0). Every address "
            "could call it. Use: the addresses of the callers, e.g. 198.51.100.10/32",
        ),
        (
            {"public_access_cidrs": ["home"]},
            "public_access_cidrs must name CIDR blocks whose host bits are zero (got 'home'). AWS "
            "accepts no others. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 for a network",
        ),
        (
            {"public_access_cidrs": ["10.20.0.0/16"]},
            "public_access_cidrs must name public addresses (got 10.20.0.0/16). EKS refuses "
            "private ranges, which reach the private endpoint. Use: a SecurityGroupIngressRule for "
            "port 443",
        ),
        (
            {"public_access_cidrs": ["2001:db8::/32"]},
            "public_access_cidrs must name IPv4 blocks (got 2001:db8::/32). The public endpoint of "
            'an IPv4 cluster has no IPv6 address. Use: public_access_cidrs=["198.51.100.10/32"]',
        ),
        (
            {"public_access_cidrs": [BLOCK] * 41},
            "public_access_cidrs must name at most 40 CIDR blocks (got 41). EKS accepts no more. "
            "Use: fewer, wider blocks of your own",
        ),
        (
            {
                "ingress_rules": [
                    SecurityGroupIngressRule(
                        name="api", from_port=443, cidr_blocks=[BLOCK], description="operators"
                    )
                ]
                * 2
            },
            "ingress_rules must each have a name of their own (got 'api' 2 times). It is part of "
            "logical names. Rename one.",
        ),
        (
            {"kubeconfig_role_arn": "operators"},
            "kubeconfig_role_arn must be the ARN of an IAM role (got 'operators'). `aws eks "
            "get-token` assumes it. Use: "
            'kubeconfig_role_arn="arn:aws:iam::111122223333:role/operators"',
        ),
    ],
)
def test_it_is_an_error_before_anything_is_made(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="must") as error:
        described(**wrong)

    assert str(error.value) == message


def test_a_number_of_days_that_aws_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="log_retention_days must be a number of days"):
        described(log_retention_days=91)


def test_several_problems_are_reported_together() -> None:
    with pytest.raises(ValueError, match="must") as error:
        described(
            kubernetes_version="1.99",
            node_group=NodeGroup(nodes=1),
            access_entries=[],
            public_access_cidrs=["x"],
        )

    first, second, third, fourth = str(error.value).splitlines()
    assert first.startswith("kubernetes_version must be one of 1.34, 1.35 (got '1.99').")
    assert second.startswith("nodes must be at least 3 (got 1).")
    assert third.startswith("access_entries must name at least one administrator")
    assert fourth.startswith("public_access_cidrs must name CIDR blocks")


def test_a_role_of_another_partition_is_an_error_for_what_it_is() -> None:
    role = "arn:aws-us-gov:iam::111122223333:role/operators"

    with pytest.raises(ValueError, match="kubeconfig_role_arn") as error:
        described(kubeconfig_role_arn=role)

    assert str(error.value).startswith(
        f"kubeconfig_role_arn must be of the partition aws (got {role}, of aws-us-gov)."
    )
