"""What the load balancer controller may do, and what it may not."""

import fnmatch
from typing import Any

import pytest

from linkmesh.eks_cluster.load_balancer_policy import LOOK, controller_policy

from .described import statements

OWN = "aws:ResourceTag/elbv2.k8s.aws/cluster"
ASKED = "aws:RequestTag/elbv2.k8s.aws/cluster"


def policy() -> list[dict[str, Any]]:
    """List the statements for one cluster's controller."""
    return statements(controller_policy(cluster="west", region="eu-west-1", vpc_id="vpc-west"))


def of(action: str) -> list[dict[str, Any]]:
    """List the statements that hold an action."""
    return [statement for statement in policy() if action in statement["Action"]]


def test_it_only_allows() -> None:
    assert {statement["Effect"] for statement in policy()} == {"Allow"}


def test_it_holds_no_wildcard_of_actions() -> None:
    actions = [action for statement in policy() for action in statement["Action"]]

    assert not [action for action in actions if "*" in action]


def test_what_changes_anything_names_its_resources() -> None:
    unbounded = [statement for statement in policy() if statement["Resource"] == ["*"]]

    assert [statement["Action"] for statement in unbounded] == [
        [*LOOK],
        ["iam:CreateServiceLinkedRole"],
    ]
    assert all(action.split(":")[1].startswith(("Describe", "Get")) for action in LOOK)
    assert unbounded[1]["Condition"] == {
        "StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}
    }


@pytest.mark.parametrize(
    "foreign",
    ["*Rule", "*WebACL*", "*Certificate*", "*TrustStore*", "*Coip*", "*Ipam*", "acm:*", "shield:*"],
)
def test_it_holds_nothing_that_only_other_load_balancers_need(foreign: str) -> None:
    actions = [action for statement in policy() for action in statement["Action"]]

    assert not fnmatch.filter(actions, foreign)


def test_it_reaches_network_load_balancers_only_and_in_its_region_only() -> None:
    resources = [resource for statement in policy() for resource in statement["Resource"]]
    balancers = [resource for resource in resources if "elasticloadbalancing" in resource]

    assert all(resource == "*" or ":eu-west-1:" in resource for resource in resources)
    assert not [resource for resource in balancers if "/app/" in resource]
    assert f"{balancers[0]}" == "arn:aws:elasticloadbalancing:eu-west-1:*:loadbalancer/net/*/*"


@pytest.mark.parametrize("action", ["CreateLoadBalancer", "CreateTargetGroup"])
def test_what_it_makes_carries_the_clusters_name(action: str) -> None:
    [statement] = of(f"elasticloadbalancing:{action}")

    assert statement["Condition"] == {"StringEquals": {ASKED: "west"}}


@pytest.mark.parametrize(
    "action",
    ["DeleteLoadBalancer", "SetSecurityGroups", "ModifyTargetGroup", "DeleteTargetGroup"],
)
def test_it_changes_only_what_carries_the_clusters_name(action: str) -> None:
    [statement] = of(f"elasticloadbalancing:{action}")

    assert statement["Condition"] == {"StringEquals": {OWN: "west"}}


def test_security_groups_are_made_in_the_clusters_network_only() -> None:
    network, group = of("ec2:CreateSecurityGroup")

    assert network["Resource"] == ["arn:aws:ec2:eu-west-1:*:vpc/vpc-west"]
    assert group["Condition"] == {"StringEquals": {ASKED: "west"}}


def test_rules_are_changed_in_its_own_groups_and_the_clusters() -> None:
    own, nodes = of("ec2:AuthorizeSecurityGroupIngress")

    assert own["Condition"] == {"StringEquals": {OWN: "west"}}
    assert nodes["Condition"] == {"Null": {"aws:ResourceTag/kubernetes.io/cluster/west": "false"}}
    assert "ec2:DeleteSecurityGroup" not in nodes["Action"]


def test_the_tag_of_the_cluster_is_neither_removed_nor_added_to_existing_resources() -> None:
    for action in ("ec2:CreateTags", "elasticloadbalancing:AddTags"):
        created, changed = of(action)

        assert created["Condition"]["StringEquals"][ASKED] == "west"
        assert changed["Condition"] == {
            "StringEquals": {OWN: "west"},
            "Null": {ASKED: "true"},
        }
