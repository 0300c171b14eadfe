"""Rules on networks, gateways and kubeconfigs."""

import json
from typing import Any

import pytest

from policies.rules.clusters import CLUSTER
from policies.rules.gateways import RELEASE, SCHEME, SERVICE
from policies.rules.kubeconfigs import PROVIDER
from policies.rules.networks import INGRESS_RULE, SECURITY_GROUP, VPC
from tests.policies.stacks import broken, changed, found, resource, without

GATEWAY: dict[str, Any] = {
    "chart": "linkerd-multicluster",
    "values": {
        "gateway": {
            "loadBalancerClass": "service.k8s.aws/nlb",
            "loadBalancerSourceRanges": ["203.0.113.7/32"],
            "serviceAnnotations": {SCHEME: "internet-facing"},
        }
    },
}
BALANCED: dict[str, Any] = {
    "metadata": {"annotations": {SCHEME: "internal"}},
    "spec": {"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"},
}


def test_rules_that_name_who_is_admitted_are_good() -> None:
    assert broken(resource(INGRESS_RULE, {"cidrIpv4": "10.0.0.0/16"})) == []


@pytest.mark.parametrize(
    ("kind", "props"),
    [
        (INGRESS_RULE, {"cidrIpv4": "0.0.0.0/0"}),
        (INGRESS_RULE, {"cidrIpv6": "::/0"}),
        (SECURITY_GROUP, {"ingress": [{"fromPort": 443, "cidrBlocks": ["0.0.0.0/0"]}]}),
    ],
)
def test_a_security_group_that_allows_the_internet_is_bad(kind: str, props: dict[str, Any]) -> None:
    assert broken(resource(kind, props)) == ["security-group-named"]


def test_a_second_group_with_the_clusters_tag_is_bad() -> None:
    group = resource(SECURITY_GROUP, {"tags": {"kubernetes.io/cluster/west": "owned"}})
    cluster = resource(CLUSTER, {"name": "west"})

    assert found("security-group-one-tag", group) == []
    assert len(found("security-group-one-tag", group, cluster)) == 1
    assert len(found("security-group-one-tag", group, group)) == 2


def test_networks_that_overlap_are_bad() -> None:
    west = resource(VPC, {"cidrBlock": "10.10.0.0/16"})

    assert broken(west, resource(VPC, {"cidrBlock": "10.20.0.0/16"})) == []
    assert broken(west, resource(VPC, {"cidrBlock": "10.10.128.0/20"})) == ["vpc-own-addresses"]


def test_gateways_for_named_callers_are_good() -> None:
    assert broken(resource(RELEASE, GATEWAY), resource(SERVICE, BALANCED)) == []


def test_a_balancer_without_scheme_is_bad() -> None:
    annotations = "values.gateway.serviceAnnotations"

    assert broken(resource(RELEASE, changed(GATEWAY, annotations, {}))) == ["nlb-scheme"]
    assert "nlb-scheme" in broken(resource(SERVICE, without(BALANCED, "metadata")))


@pytest.mark.parametrize("ranges", [["0.0.0.0/0"], []])
def test_a_gateway_for_the_internet_is_bad(ranges: list[str]) -> None:
    props = changed(GATEWAY, "values.gateway.loadBalancerSourceRanges", ranges)

    assert broken(resource(RELEASE, props)) == ["gateway-source-ranges"]


def test_source_ranges_that_are_unknown_are_not_reported() -> None:
    path = "values.gateway.loadBalancerSourceRanges"

    assert broken(resource(RELEASE, without(GATEWAY, path), unknown=[path])) == []


def kubeconfig(user: dict[str, Any], server: str) -> str:
    clusters = [{"name": "one", "cluster": {"server": server}}]
    return json.dumps({"clusters": clusters, "users": [{"name": "one", "user": user}]})


def test_a_token_in_a_kubeconfig_of_eks_is_a_violation_and_not_shown() -> None:
    eks, other = "https://ABC.gr7.eu-west-1.eks.amazonaws.com", "https://127.0.0.1:6443"
    stored, fetched = {"token": "k8s-aws-v1.SECRET"}, {"exec": {"command": "aws"}}
    rule = "kubeconfig-without-token"

    messages = found(rule, resource(PROVIDER, {"kubeconfig": kubeconfig(stored, eks)}))

    assert len(messages) == 1
    assert "SECRET" not in messages[0]
    assert found(rule, resource(PROVIDER, {"kubeconfig": kubeconfig(fetched, eks)})) == []
    assert found(rule, resource(PROVIDER, {"kubeconfig": kubeconfig(stored, other)})) == []
