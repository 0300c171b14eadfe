"""An EKS cluster: the order of its resources, its outputs, and that it looks nothing up."""

import functools
import json
import socket
from typing import Any

import pulumi
import pytest

from linkmesh.eks_cluster import (
    AccessEntry,
    AccessPolicy,
    EksCluster,
    SecurityGroupIngressRule,
    exec_kubeconfig,
)
from tests import engine

from .described import (
    CLUSTER,
    ENTRY,
    NODES,
    OPERATORS,
    POLICY,
    RULE,
    by_name,
    described,
    made,
    ordinary,
)

KUBECONFIG = exec_kubeconfig(
    name="west",
    region="eu-west-1",
    endpoint="https://west.eks.test",
    authority=engine.AUTHORITY,
)
GATEWAY = SecurityGroupIngressRule(
    name="gateway",
    from_port=4143,
    cidr_blocks=["10.20.0.0/16", "2001:db8::/32"],
    description="east calls",
)


@functools.cache
def complete() -> engine.Notes:
    """Make a cluster with everything that can be asked for."""
    return made(
        access_entries=[
            OPERATORS,
            AccessEntry("arn:aws:iam::111122223333:user/reader", AccessPolicy.VIEW),
        ],
        public_access_cidrs=["198.51.100.10/32"],
        ingress_rules=[GATEWAY],
        ebs_csi_driver=True,
        create_oidc_provider=True,
        deletion_protection=True,
        tags={"environment": "demo"},
    )


def test_roles_have_their_policies_before_they_are_used() -> None:
    notes = ordinary()

    assert "west-cluster-AmazonEKSClusterPolicy" in notes.one(CLUSTER).after
    assert {
        "west-nodes-AmazonEKSWorkerNodePolicy",
        "west-nodes-AmazonEKS_CNI_Policy",
        "west-nodes-AmazonEC2ContainerRegistryPullOnly",
    } <= notes.one(NODES).after


def test_three_nodes_run_in_the_private_subnets() -> None:
    nodes = ordinary().one(NODES)

    assert nodes.inputs["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 4}
    assert nodes.inputs["subnetIds"] == ["private-a", "private-b", "private-c"]


def test_its_zones_can_be_left_by_traffic() -> None:
    made_cluster = ordinary().one(CLUSTER)

    assert made_cluster.inputs["zonalShiftConfig"] == {"enabled": True}
    assert made_cluster.inputs["vpcConfig"]["subnetIds"] == ["control-a", "control-b", "control-c"]


def test_resources_on_the_cluster_wait_for_all_of_it() -> None:
    provider = complete().one("pulumi:providers:kubernetes")

    assert {
        "west-access-111122223333-role/operators",
        "west-access-111122223333-user/reader",
        "west-gateway-10.20.0.0-16",
        "west-gateway-2001-db8---32",
        "west-nodes",
        "west-coredns",
        "west-aws-ebs-csi-driver",
    } <= provider.after


def test_each_principal_has_an_entry_under_its_own_name() -> None:
    entries, policies = complete().of(ENTRY), complete().of(POLICY)

    assert {noted.name: noted.inputs["principalArn"] for noted in entries} == {
        "west-access-111122223333-role/operators": "arn:aws:iam::111122223333:role/operators",
        "west-access-111122223333-user/reader": "arn:aws:iam::111122223333:user/reader",
    }
    assert {noted.inputs["type"] for noted in entries} == {"STANDARD"}
    assert {noted.name for noted in policies} == {noted.name for noted in entries}


def test_an_administrators_entry_is_the_one_that_was_once_numbered() -> None:
    notes = complete()
    admin = notes.one(ENTRY, "west-access-111122223333-role/operators")
    reader = notes.one(ENTRY, "west-access-111122223333-user/reader")

    assert admin.aliases == ("west-admin-0",)
    assert reader.aliases == ()


def test_a_principal_of_some_namespaces_has_its_policy_there_only() -> None:
    namespaced = AccessEntry(
        "arn:aws:iam::111122223333:role/web", AccessPolicy.EDIT, ["web", "web-*"]
    )
    notes = made(access_entries=[OPERATORS, namespaced])
    everywhere = notes.one(POLICY, "west-access-111122223333-role/operators")
    somewhere = notes.one(POLICY, "west-access-111122223333-role/web")

    assert everywhere.inputs["accessScope"] == {"type": "cluster"}
    assert somewhere.inputs["accessScope"] == {"type": "namespace", "namespaces": ["web", "web-*"]}
    assert somewhere.inputs["policyArn"].endswith("/AmazonEKSEditPolicy")


def test_a_principal_gets_its_rights_in_other_namespaces_after_it_lost_the_old_ones() -> None:
    """The association has the same id in every scope: deleted last, it would be gone."""
    for association in ordinary().of(POLICY):
        assert association.deletes_first


def test_a_rule_has_the_same_name_after_the_block_before_it_is_removed() -> None:
    def rules(*blocks: str) -> dict[str, str]:
        api = SecurityGroupIngressRule(
            name="api", from_port=443, cidr_blocks=[*blocks], description="operators"
        )
        notes = made(ingress_rules=[api])
        return {each.name: each.inputs["cidrIpv4"] for each in notes.of(RULE)}

    both, one = rules("10.98.0.0/16", "10.99.0.0/16"), rules("10.99.0.0/16")

    assert one == {"west-api-10.99.0.0-16": "10.99.0.0/16"}
    assert one.items() < both.items()


def test_what_others_may_call_is_a_rule_a_block_of_the_clusters_group() -> None:
    notes = complete()
    first = notes.one(RULE, "west-gateway-10.20.0.0-16")
    second = notes.one(RULE, "west-gateway-2001-db8---32")

    assert first.inputs == {
        "securityGroupId": "sg-west",
        "ipProtocol": "tcp",
        "fromPort": 4143,
        "toPort": 4143,
        "cidrIpv4": "10.20.0.0/16",
        "description": "east calls",
    }
    assert "cidrIpv4" not in second.inputs
    assert second.inputs["cidrIpv6"] == "2001:db8::/32"


def admitting(address: str) -> engine.Notes:
    """Make a cluster that allows an address which is known only when it is made."""

    def program() -> None:
        block = pulumi.Output.from_input(address)
        rule = SecurityGroupIngressRule(
            name="api", from_port=443, cidr_blocks=[block], description="east calls"
        )
        EksCluster("west", described(ingress_rules=[rule]))

    return engine.run(program)


def test_an_address_that_is_not_known_before_is_allowed() -> None:
    rule = admitting("203.0.113.7/32").one(RULE)

    assert rule.inputs["cidrIpv4"] == "203.0.113.7/32"


def test_the_whole_internet_is_an_error_even_then() -> None:
    with pytest.raises(pulumi.RunError, match="must not allow the whole internet"):
        admitting("0.0.0.0/0")


def test_its_kubeconfig_is_a_secret_wherever_it_goes() -> None:
    notes = ordinary()
    provider = notes.one("pulumi:providers:kubernetes")

    assert provider.inputs["kubeconfig"] == engine.Secret(KUBECONFIG)
    assert provider.inputs["clusterIdentifier"] == "linkmesh/west"
    assert notes.outputs["kubeconfig"] == engine.Secret(KUBECONFIG)


def test_its_kubeconfig_assumes_the_role_that_is_named() -> None:
    role = "arn:aws:iam::111122223333:role/deployer"
    kubeconfig = made(kubeconfig_role_arn=role).outputs["kubeconfig"].value

    assert json.loads(kubeconfig)["users"][0]["user"]["exec"]["args"][-2:] == ["--role-arn", role]


def test_it_has_the_outputs_that_others_need() -> None:
    outputs = complete().outputs

    assert {key: value for key, value in outputs.items() if key != "kubeconfig"} == {
        "api_server": "https://west.eks.test",
        "authority": engine.AUTHORITY,
        "authority_expiry": "2036-11-20T00:00:00Z",
        "support_end": "2027-03-27",
        "security_group_id": "sg-west",
        "cluster_role_name": "west-cluster",
        "node_role_name": "west-nodes",
        "oidc_issuer": "https://oidc.test/west",
    }


def test_every_part_belongs_to_the_cluster() -> None:
    parts = [noted for noted in complete().resources if noted.type != "linkmesh:index:EksCluster"]

    assert parts
    assert {noted.within for noted in parts} == {"west"}


def test_the_same_description_makes_the_same_inputs_with_the_network_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lookup(*_: Any) -> None:
        raise AssertionError("a look-up")

    before = made(tags={"environment": "demo"}, ebs_csi_driver=True, create_oidc_provider=True)
    monkeypatch.setattr(socket.socket, "connect", lookup)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    after = made(tags={"environment": "demo"}, ebs_csi_driver=True, create_oidc_provider=True)

    assert by_name(before) == by_name(after)
