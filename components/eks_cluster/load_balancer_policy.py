"""
The IAM policy of the AWS Load Balancer Controller: create Network Load Balancers, and change them.

The controller's published policy is for every kind of load balancer, in every region, and for all
security groups. This one leaves out what Services do not need, names the region, and requires the
cluster's name in the controller's tag wherever the published policy requires the tag: so the
controllers of two clusters in one account cannot change each other's load balancers.

Sources: kubernetes-sigs/aws-load-balancer-controller v3.5.0, the calls in pkg/{service,deploy,
networking,targetgroupbinding}, its docs/install/iam_policy.json for what can be limited to a tag,
and docs/deploy/installation.md for rules of other security groups. What Elastic Load Balancing
requires of its caller: its User Guide, "API permissions"; aws-load-balancer-controller #3917.
"""

import json
from collections.abc import Sequence
from typing import Any

CLUSTER_TAG = "elbv2.k8s.aws/cluster"
_SERVICE = "elasticloadbalancing.amazonaws.com"

# IAM cannot limit these to resources. The controller reads the rules of every listener.
LOOK = (
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:GetSecurityGroupsForVpc",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
)
_RULES = ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress")
_TAGS = ("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")


def controller_policy(*, cluster: str, region: str, vpc_id: str) -> str:
    """Make the policy of one cluster's controller."""
    statements = [
        _allow(LOOK, ["*"]),
        _allow(
            ["iam:CreateServiceLinkedRole"],
            ["*"],
            {"StringEquals": {"iam:AWSServiceName": _SERVICE}},
        ),
        *_security_groups(cluster, region, vpc_id),
        *_load_balancers(cluster, region),
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)


def _allow(
    actions: Sequence[str], resources: Sequence[str], condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": [*resources]}
    return {**statement, "Condition": condition} if condition else statement


def _asked(cluster: str) -> dict[str, str]:
    """Match requests that put the cluster's tag on what they create."""
    return {f"aws:RequestTag/{CLUSTER_TAG}": cluster}


def _own(cluster: str) -> dict[str, str]:
    """Match resources with the cluster's tag."""
    return {f"aws:ResourceTag/{CLUSTER_TAG}": cluster}


def _security_groups(cluster: str, region: str, vpc_id: str) -> list[dict[str, Any]]:
    groups = [f"arn:aws:ec2:{region}:*:security-group/*"]
    made = {**_asked(cluster), "ec2:CreateAction": "CreateSecurityGroup"}
    unchanged = {"Null": {f"aws:RequestTag/{CLUSTER_TAG}": "true"}}
    # The group of API server and nodes, which EKS tags so: load balancers must reach the pods.
    nodes = {"Null": {f"aws:ResourceTag/kubernetes.io/cluster/{cluster}": "false"}}
    return [
        _allow(["ec2:CreateSecurityGroup"], [f"arn:aws:ec2:{region}:*:vpc/{vpc_id}"]),
        _allow(["ec2:CreateSecurityGroup"], groups, {"StringEquals": _asked(cluster)}),
        _allow(["ec2:CreateTags"], groups, {"StringEquals": made}),
        _allow(
            ["ec2:CreateTags", "ec2:DeleteTags"],
            groups,
            {"StringEquals": _own(cluster), **unchanged},
        ),
        _allow(["ec2:DeleteSecurityGroup", *_RULES], groups, {"StringEquals": _own(cluster)}),
        _allow(_RULES, groups, nodes),
    ]


def _load_balancers(cluster: str, region: str) -> list[dict[str, Any]]:
    here = f"arn:aws:elasticloadbalancing:{region}:*"
    balancers, targets = f"{here}:loadbalancer/net/*/*", f"{here}:targetgroup/*/*"
    listeners = f"{here}:listener/net/*/*/*"
    asked, own = {"StringEquals": _asked(cluster)}, {"StringEquals": _own(cluster)}
    made = {
        **_asked(cluster),
        "elasticloadbalancing:CreateAction": [
            "CreateListener",
            "CreateLoadBalancer",
            "CreateTargetGroup",
        ],
    }
    unchanged = {"Null": {f"aws:RequestTag/{CLUSTER_TAG}": "true"}}
    return [
        _allow(["elasticloadbalancing:CreateLoadBalancer"], [balancers], asked),
        _allow(["elasticloadbalancing:CreateTargetGroup"], [targets], asked),
        _allow(_TAGS[:1], [balancers, targets, listeners], {"StringEquals": made}),
        _allow(_TAGS, [balancers, targets, listeners], {**own, **unchanged}),
        _allow(
            _actions("CreateListener", "DeleteListener", "ModifyListener"), [balancers, listeners]
        ),
        _allow(_actions(*_CHANGES), [balancers, targets, listeners], own),
        _allow(_actions("RegisterTargets", "DeregisterTargets"), [targets]),
    ]


_CHANGES = (
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "ModifyListenerAttributes",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
)


def _actions(*names: str) -> list[str]:
    return [f"elasticloadbalancing:{name}" for name in names]
