"""
Ten pains that others have reported with clusters on EKS, and why ours does not have them.

Each test is named after its pain. What hangs on order is read off the engine's graph; what hangs on
whole environments (destroying the middle of a chain, the gateway's annotations) is tested there.
"""

import json
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from linkmesh.eks_cluster import (
    AccessEntry,
    AccessPolicy,
    EksCluster,
    LoadBalancerController,
    LoadBalancerControllerArgs,
    NodeGroup,
    SecurityGroupIngressRule,
)
from linkmesh.linkerd.installation.multicluster import addresses
from tests import engine

from .described import (
    ADDON,
    CLUSTER,
    ENTRY,
    NODES,
    OPERATORS,
    POLICY,
    RELEASE,
    RULE,
    TEMPLATE,
    by_name,
    described,
    made,
    ordinary,
    waits_for,
    with_balancers,
)

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
BALANCERS = "west-load-balancers"


def test_1_nodes_join_before_the_network_plug_in_exists() -> None:
    """terraform-aws-eks #3446, #2820, #3635, #3394."""
    notes = ordinary()
    earlier = waits_for(notes, notes.one(NODES))

    assert {
        (ADDON, "west-vpc-cni"),
        (ADDON, "west-kube-proxy"),
        (ADDON, "west-eks-pod-identity-agent"),
        (ATTACHMENT, "west-nodes-AmazonEKS_CNI_Policy"),
        (ATTACHMENT, "west-nodes-AmazonEKSWorkerNodePolicy"),
    } <= earlier


def test_2_dns_is_degraded_for_want_of_nodes() -> None:
    """pulumi-eks #1819, #1525; terraform-aws-eks #3001, #2585, #1840."""
    notes = made(ebs_csi_driver=True)

    for addon in ("west-coredns", "west-aws-ebs-csi-driver"):
        assert (NODES, "west-nodes") in waits_for(notes, notes.one(ADDON, addon))


def test_3_destroying_hangs_on_who_may_enter() -> None:
    """pulumi-eks #598; terraform-aws-eks #1162, #1661, #1572."""
    notes = ordinary()
    provider = notes.one("pulumi:providers:kubernetes")
    earlier = waits_for(notes, provider)
    [user] = json.loads(notes.outputs["kubeconfig"].value)["users"]

    assert not [each for each in notes.resources if each.type.startswith("kubernetes:")]
    # Entries go after everything that was made with them, and tokens are never old.
    assert {kind for kind, _ in earlier} >= {ENTRY, POLICY}
    assert user["user"].keys() == {"exec"}


def test_4_load_balancers_outlive_who_could_remove_them() -> None:
    """terraform-aws-eks #285, #2048; pulumi-eks #194, #1226; eksctl #253, #1960."""

    def program() -> None:
        args = described(
            ingress_rules=[
                SecurityGroupIngressRule(
                    name="gateway", from_port=4143, cidr_blocks=["10.20.0.0/16"], description="east"
                )
            ]
        )
        cluster = EksCluster("west", args)
        controller = LoadBalancerController(BALANCERS, LoadBalancerControllerArgs(cluster=cluster))
        kubernetes.core.v1.Service(
            "gateway",
            opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=[controller]),
        )

    notes = engine.run(program)
    earlier = waits_for(notes, notes.one("kubernetes:core/v1:Service"))

    assert {
        (RELEASE, f"{BALANCERS}-release"),
        ("aws:iam/rolePolicy:RolePolicy", BALANCERS),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", BALANCERS),
        (ADDON, "west-eks-pod-identity-agent"),
        (NODES, "west-nodes"),
        (RULE, "west-gateway-10.20.0.0-16"),
        (ATTACHMENT, "west-cluster-AmazonEKSClusterPolicy"),
        (CLUSTER, "west"),
    } <= earlier


def test_5_the_creators_entry_changes_with_the_user_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """terraform-aws-eks #2911, #3400, #2968, #3293, #2969."""

    def run_by(who: str) -> dict[tuple[str, str], engine.Noted]:
        for variable in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "USER", "HOME"):
            monkeypatch.setenv(variable, f"{who}-{variable}")
        monkeypatch.setenv("AWS_REGION", "us-east-1" if who == "ada" else "eu-west-3")
        return by_name(made(tags={"environment": "demo"}))

    assert run_by("ada") == run_by("grace")
    assert [noted.inputs["principalArn"] for noted in ordinary().of(ENTRY)] == [
        OPERATORS.principal_arn
    ]


def test_6_one_hop_breaks_controllers_that_read_instance_metadata() -> None:
    """aws-load-balancer-controller #4307, #2231, #3155, #3955; terraform-aws-eks #3333."""
    notes = with_balancers()
    values = notes.one(RELEASE).inputs["values"]

    assert notes.one(TEMPLATE).inputs["metadataOptions"]["httpPutResponseHopLimit"] == 1
    assert values["region"] == "eu-west-1"
    assert values["vpcId"] == "vpc-west"
    assert notes.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs == {
        "clusterName": "west",
        "namespace": "kube-system",
        "serviceAccount": values["serviceAccount"]["name"],
        "roleArn": f"arn:{BALANCERS}",
    }


def test_7_webhooks_time_out_behind_a_closed_port() -> None:
    """linkerd2 #9672; aws-load-balancer-controller #2460; istio #36955, #46727, #49019."""
    template = ordinary().one(TEMPLATE)

    # Nodes have the cluster's own group, which admits itself: 8443, 9443, 8089 and all others.
    assert not {"vpcSecurityGroupIds", "networkInterfaces", "securityGroupNames"} & set(
        template.inputs
    )
    assert "securityGroupIds" not in ordinary().one(CLUSTER).inputs["vpcConfig"]


def test_8_two_security_groups_carry_the_clusters_tag() -> None:
    """terraform-aws-eks #1810, #1986, #2468, #3684, #3724; aws-load-balancer-controller #1897."""
    notes = with_balancers()
    texts = [text for noted in notes.resources for text in keys(noted.inputs)]

    assert not notes.of("aws:ec2/securityGroup:SecurityGroup")
    assert "environment" not in texts
    assert not [text for text in texts if text.startswith("kubernetes.io/cluster/")]


def keys(value: Any) -> list[str]:
    """List all keys of a value, those of tags among them."""
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in keys(item))]
    return [key for item in value for key in keys(item)] if isinstance(value, list) else []


def test_9_a_cluster_is_replaced_and_all_users_locked_out() -> None:
    """pulumi #2474; pulumi-eks #918; terraform-aws-eks, docs/faq.md."""
    protected = made(deletion_protection=True)
    changed = made(
        deletion_protection=True,
        node_group=NodeGroup(nodes=6, disk_gib=100, instance_types=["m7g.large"]),
        access_entries=[
            OPERATORS,
            AccessEntry("arn:aws:iam::111122223333:role/view", AccessPolicy.VIEW),
        ],
        ingress_rules=[
            SecurityGroupIngressRule(
                name="api", from_port=443, cidr_blocks=["10.0.0.0/8"], description="operators"
            )
        ],
        log_retention_days=365,
        tags={"environment": "prod"},
        ebs_csi_driver=True,
    )

    assert protected.one(CLUSTER).protected
    assert protected.one(CLUSTER).inputs["deletionProtection"] is True
    assert protected.one("aws:kms/key:Key").protected
    # Nothing that one changes in daily life reaches the cluster itself.
    assert changed.one(CLUSTER).inputs == protected.one(CLUSTER).inputs


def test_10_a_gateway_behind_a_load_balancer_loses_its_address_and_health() -> None:
    """linkerd2 #5343, #5359, #4767, #7197, #11069, #10635."""
    values = with_balancers().one(RELEASE).inputs["values"]
    entry = SimpleNamespace(ip=None, hostname="gateway.elb.eu-west-1.amazonaws.com")
    status = SimpleNamespace(load_balancer=SimpleNamespace(ingress=[entry]))

    assert values["defaultTargetType"] == "ip"
    assert values["loadBalancerClass"] == "service.k8s.aws/nlb"
    # The name is handed on, never an address that it had once.
    assert addresses(status) == "gateway.elb.eu-west-1.amazonaws.com"
