"""What changes in place, and what somebody changed by hand."""

from typing import Any

import pytest

from sandbox.plugins.contract import Refused, State
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.aws.world import ADMIN, ROOT, policy, trust

RULE = {"toPort": 444, "cidrIpv4": "10.20.0.0/16", "description": "API"}
HOPS = {"metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 2}}


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("https", RULE),
        ("https", {"cidrIpv4": None, "cidrIpv6": "2001:db8::/32"}),
        ("to-nat", {"natGatewayId": None, "gatewayId": "@internet"}),
        ("logs", {"retentionInDays": 365}),
        ("writer", {"assumeRolePolicy": trust("eks")}),
        ("writing", {"policy": policy("logs:PutLogEvents")}),
        ("vpc-cni", {"addonVersion": "v1.22.3-eksbuild.1"}),
        ("template", HOPS),
    ],
)
def test_a_change_in_place_is_made_and_told(
    program: Program, name: str, inputs: dict[str, Any]
) -> None:
    made = program.change(name, **inputs)

    asked = program.resolved(inputs)
    assert {key: made[key] for key in asked} == {key: made.inputs[key] for key in asked}
    assert program.drift(name) == []


def test_a_preview_shows_what_follows_from_a_replacement(program: Program) -> None:
    made = program.one("internet")
    news = {**made.inputs, "vpcId": UNKNOWN}

    foreseen = program.resource(made.kind).update(made.state, made.inputs, news, preview=True)

    assert foreseen.outputs["vpcId"] is UNKNOWN


def test_the_layout_of_a_policy_is_no_change(program: Program) -> None:
    wide = trust("vpc-flow-logs").replace(" ", "  ")

    with pytest.raises(AssertionError, match="nothing would be changed"):
        program.change("writer", assumeRolePolicy=wide)


def test_another_kind_of_node_is_a_new_version_that_a_preview_foresees(program: Program) -> None:
    made = program.one("template")
    resource, before = program.resource(made.kind), (made.state, made.inputs)

    foreseen = resource.update(*before, {**made.inputs, **HOPS}, preview=True)
    changed = program.change("template", **HOPS)

    assert foreseen.outputs["latestVersion"] is UNKNOWN
    assert (made["latestVersion"], changed["latestVersion"]) == (1, 2)
    answer = program.cloud.call(
        "ec2", "describe_launch_template_versions", LaunchTemplateId=made.id
    )
    data = answer["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert data["TagSpecifications"][0]["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_rule_cannot_become_another_one(program: Program) -> None:
    other = {**program.one("https").asked, "cidrIpv4": "10.99.0.0/16"}
    second = program.add("SecurityGroupIngressRule", "second", **other)

    with pytest.raises(Refused, match=rf"InvalidPermission.Duplicate.*{second.id}"):
        program.change("https", cidrIpv4="10.99.0.0/16")
    program.change("https", description="itself again")


BY_HAND: list[tuple[str, str, dict[str, Any], list[str] | None]] = [
    (
        "vpc",
        "ec2:modify_vpc_attribute",
        {"VpcId": "@vpc", "EnableDnsHostnames": {"Value": False}},
        ["enableDnsHostnames"],
    ),
    (
        "vpc",
        "ec2:create_tags",
        {"Resources": ["@vpc"], "Tags": [{"Key": "a", "Value": "b"}]},
        ["tagsAll.a"],
    ),
    (
        "default",
        "ec2:authorize_security_group_ingress",
        {
            "GroupId": "@default",
            "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        },
        ["ingress[0]"],
    ),
    ("flows", "ec2:delete_flow_logs", {"FlowLogIds": ["@flows"]}, None),
    (
        "writing",
        "iam:put_role_policy",
        {
            "RoleName": "@writer.name",
            "PolicyName": "@writing.name",
            "PolicyDocument": policy("iam:*"),
        },
        ["policy"],
    ),
    (
        "cluster-policy",
        "iam:detach_role_policy",
        {
            "RoleName": "@cluster-role.name",
            "PolicyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        },
        None,
    ),
    (
        "issuer",
        "iam:delete_open_id_connect_provider",
        {"OpenIDConnectProviderArn": "@issuer"},
        None,
    ),
    (
        "rights",
        "eks:disassociate_access_policy",
        {"clusterName": "@west", "principalArn": ROOT, "policyArn": ADMIN},
        None,
    ),
]


@pytest.mark.parametrize(("name", "call", "parameters", "found"), BY_HAND)
def test_what_somebody_changed_by_hand_is_seen(
    program: Program, name: str, call: str, parameters: dict[str, Any], found: list[str] | None
) -> None:
    program.one(name)

    program.cloud.call(*call.split(":"), **program.resolved(parameters))

    assert program.drift(name) == found


def test_rules_of_a_closed_group_are_taken_away_again(program: Program) -> None:
    _, call, parameters, _ = BY_HAND[2]
    made = program.one("default")
    program.cloud.call(*call.split(":"), **program.resolved(parameters))

    program.change("default", tags={"a": "b"})

    [group] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[made.id])[
        "SecurityGroups"
    ]
    assert group["GroupName"] == "default"
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


def test_another_scope_in_place_of_the_first_goes_with_it(program: Program) -> None:
    scope = {"type": "namespace", "namespaces": ["yelb", "shop"]}
    whole = program.one("rights")
    part = program.add(whole.kind, "part", **{**whole.asked, "accessScope": scope})

    assert part["accessScope"] == scope
    program.delete("rights")

    assert part.id == whole.id
    assert program.resource(part.kind).read(part.state, part.inputs) is None


def test_a_key_counts_as_gone_once_it_waits_for_its_end(program: Program) -> None:
    made = program.one("key")

    program.delete("key")

    assert program.resource("Key").read(made.state, made.inputs) is None
    program.refuses("NotFoundException", "alias", targetKeyId=made.id)


def test_a_log_group_that_is_there_is_imported_and_nothing_else(program: Program) -> None:
    group, resource = program.one("logs"), program.resource("LogGroup")

    found = resource.read(State(group.id, {}), {})

    assert found is not None
    assert found[1] == {"name": "/aws/eks/west/cluster", "retentionInDays": 90}
    assert found[0].outputs["arn"] == group["arn"]
    assert resource.read(State("/aws/eks/east/cluster", {}), {}) is None
    with pytest.raises(Refused, match="Imports are not imitated"):
        program.resource("Vpc").read(State("vpc-1", {}), {})
