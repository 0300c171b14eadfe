"""Clusters: what they stand on must be there, and stays there while they exist."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.plugins.aws import notes
from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import (
    FakeClusters,
    Program,
    cluster,
    network,
    node_group,
    role,
    trust,
)


def test_a_cluster_tells_how_to_reach_its_api_server(program: Program, kwok: FakeClusters) -> None:
    made = cluster(program, network(program, way_out=False))

    assert made["arn"] == "arn:aws:eks:eu-west-1:000000000000:cluster/west"
    assert made["endpoint"] == "https://127.0.0.1:1"
    assert made["certificateAuthority"] == {"data": "dGhlIGF1dGhvcml0eQ=="}
    assert made["vpcConfig"]["clusterSecurityGroupId"].startswith("sg-")
    assert made["identities"][0]["oidcs"][0]["issuer"].startswith(
        "https://oidc.eks.eu-west-1.amazonaws.com/id/"
    )
    assert made["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert list(kwok.nodes) == ["west"]
    assert program.drift(made) == []


def test_after_everything_is_deleted_the_account_is_empty(
    program: Program, kwok: FakeClusters
) -> None:
    within = network(program)
    made = cluster(program, within)
    program.make(
        "Addon", clusterName="west", addonName="vpc-cni", addonVersion="v1.21.1-eksbuild.3"
    )
    node_group(program, made, within)

    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1", "eu-west-3"]) == []
    assert kwok.nodes == {}
    assert not list(program.cloud.home.aws.rglob("*.json"))


def test_a_second_cluster_of_the_name_is_refused_and_the_first_stays(
    program: Program, kwok: FakeClusters
) -> None:
    within = network(program, way_out=False)
    made = cluster(program, within)

    with pytest.raises(Refused, match="ResourceInUseException: Cluster already exists"):
        program.make("Cluster", "again", **made.asked)

    assert program.drift(made) == []


WRONG_CLUSTERS: list[tuple[dict[str, Any], str]] = [
    ({"roleArn": "arn:aws:iam::000000000000:role/no"}, "could not be assumed"),
    ({"version": "1.20"}, "unsupported Kubernetes version 1.20"),
    (
        {"encryptionConfig": {"provider": {"keyArn": "no"}, "resources": ["secrets"]}},
        "Provided key is invalid",
    ),
    ({"enabledClusterLogTypes": ["everything"]}, "must be one of api, audit"),
    ({"computeConfig": {"enabled": True}}, "'computeConfig' must be a property that"),
    ({"name": "-west"}, "'name' must have at most 100"),
]


def test_a_wrong_cluster_is_refused(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)

    for inputs, reason in WRONG_CLUSTERS:
        with pytest.raises(Refused, match=reason):
            cluster(program, within, **inputs)

    assert kwok.nodes == {}


WRONG_ENDPOINTS: list[tuple[dict[str, Any], str]] = [
    ({"endpointPublicAccess": False}, "cannot both be disabled"),
    ({"publicAccessCidrs": ["10.0.0.0/8"]}, r"not allowed in publicAccessCidrs: \[10.0.0.0/8"),
    ({"publicAccessCidrs": ["1.2.3.4"] * 41}, "at most 40"),
    ({"securityGroupIds": ["sg-0"]}, "'vpcConfig.securityGroupIds' must be a property that"),
]


def test_wrong_endpoints_are_refused(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)
    subnets = [subnet.id for subnet in within.subnets]

    for inputs, reason in WRONG_ENDPOINTS:
        with pytest.raises(Refused, match=reason):
            cluster(program, within, vpcConfig={"subnetIds": subnets, **inputs})


def test_subnets_must_be_in_two_zones_of_one_vpc(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)
    twin = program.make("Subnet", "twin", vpcId=within.vpc.id, cidrBlock="10.10.5.0/24")
    other = network(program, "10.20.0.0/16", way_out=False)
    first, second = within.subnets[0].id, other.subnets[1].id

    for subnets, reason in (
        ([first, twin.id], "in at least two different AZs"),
        ([first, second], "must belong to the same VPC"),
        ([first, "subnet-0123456789abcdef0"], "does not exist"),
    ):
        with pytest.raises(Refused, match=reason):
            cluster(program, within, vpcConfig={"subnetIds": subnets})


def test_a_role_must_trust_eks_and_have_its_policy(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)
    foreign = program.make("Role", "foreign", assumeRolePolicy=trust("ec2.amazonaws.com"))
    bare = role(program, "bare", "eks.amazonaws.com")

    with pytest.raises(Refused, match="could not be assumed"):
        cluster(program, within, roleArn=foreign["arn"])
    with pytest.raises(Refused, match="doesn't have the Amazon EKS Managed Policies"):
        cluster(program, within, roleArn=bare["arn"])


def test_an_api_server_that_does_not_start_leaves_nothing(
    program: Program, kwok: FakeClusters
) -> None:
    within = network(program, way_out=False)
    kwok.fails = True

    with pytest.raises(Refused, match="EKS cluster west did not start: it does not start"):
        cluster(program, within)

    program.destroy()
    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []


def test_what_a_cluster_stands_on_cannot_be_deleted(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)
    cluster(program, within)

    with pytest.raises(Refused, match=r"DependencyViolation.*Amazon EKS west"):
        program.delete(within.subnets[0])


def test_a_cluster_with_node_groups_is_not_deleted(program: Program, kwok: FakeClusters) -> None:
    within = network(program)
    made = cluster(program, within, bootstrapSelfManagedAddons=True)
    node_group(program, made, within)

    with pytest.raises(Refused, match="ResourceInUseException: Cluster has nodegroups attached"):
        program.delete(made)


def test_deletion_protection_is_honoured_until_it_is_taken_away(
    program: Program, kwok: FakeClusters
) -> None:
    made = cluster(program, network(program, way_out=False), deletionProtection=True)

    with pytest.raises(Refused, match="has deletion protection enabled"):
        program.delete(made)

    program.change(made, deletionProtection=False)
    program.delete(made)


def test_configuration_changes_in_place_and_what_cannot_replaces(
    program: Program, kwok: FakeClusters
) -> None:
    within = network(program, way_out=False)
    made = cluster(program, within)
    subnets = made.inputs["vpcConfig"]["subnetIds"]

    program.change(
        made,
        upgradePolicy={"supportType": "STANDARD"},
        vpcConfig={"subnetIds": subnets, "publicAccessCidrs": ["52.1.2.3/32"]},
        tags={"a": "b"},
    )

    private = {"endpointPrivateAccess": True, "endpointPublicAccess": False}
    assert made["upgradePolicy"] == {"supportType": "STANDARD"}
    assert made["vpcConfig"]["publicAccessCidrs"] == ["52.1.2.3/32"]
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    program.change(made, vpcConfig={"subnetIds": subnets, **private})
    assert made["vpcConfig"]["endpointPublicAccess"] is False
    assert program.drift(made) == []
    assert program.replaces(made, name="other") == ["name"]
    with pytest.raises(Refused, match=r"'version' of a cluster must stay 1.35 in the sandbox"):
        program.change(made, version="1.34")


def test_logs_without_a_group_make_one_that_nobody_deletes(
    program: Program, kwok: FakeClusters
) -> None:
    cluster(program, network(program, way_out=False), enabledClusterLogTypes=["audit"])

    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == [
        "eu-west-1 log-group /aws/eks/west/cluster"
    ]


def test_a_cluster_of_the_same_name_elsewhere_is_refused_loudly(
    region: Callable[[str], Cloud], kwok: FakeClusters
) -> None:
    west, east = Program(region("eu-west-1")), Program(region("eu-west-3"))
    cluster(west, network(west, way_out=False))

    with pytest.raises(Refused, match="The sandbox keeps one cluster of a name"):
        cluster(east, network(east, way_out=False))

    assert list(kwok.nodes) == ["west"]


def test_an_api_server_left_by_a_forgetful_emulation_is_replaced(
    program: Program, kwok: FakeClusters
) -> None:
    kwok.nodes["west"] = {}
    notes.write(program.cloud, "kwok-cluster", "west", {"cluster": "west"})

    made = cluster(program, network(program, way_out=False))

    assert made["endpoint"] == "https://127.0.0.1:1"


def test_a_preview_does_not_know_what_aws_adds(program: Program, kwok: FakeClusters) -> None:
    made = cluster(program, network(program, way_out=False))

    outputs = program.resource(made).create("urn", made.inputs, preview=True, timeout=0).outputs

    assert outputs["vpcConfig"]["clusterSecurityGroupId"] is UNKNOWN
    assert outputs["vpcConfig"]["endpointPrivateAccess"] is True
    assert outputs["endpoint"] is UNKNOWN
    assert outputs["name"] == "west"


@pytest.mark.parametrize("name", ["us-west-2", "eu-central-1"])
def test_two_clusters_are_in_any_region(
    region: Callable[[str], Cloud], kwok: FakeClusters, name: str
) -> None:
    program = Program(region(name))
    within = network(program, way_out=False)

    west, east = (cluster(program, within, name=each) for each in ("west", "east"))

    assert f":{name}:" in west["arn"]
    assert (
        west["vpcConfig"]["clusterSecurityGroupId"] != east["vpcConfig"]["clusterSecurityGroupId"]
    )
    assert sorted(kwok.nodes) == ["east", "west"]
    program.destroy()


def test_the_clusters_group_is_tagged_as_the_clusters_own(
    program: Program, kwok: FakeClusters
) -> None:
    made = cluster(program, network(program, way_out=False))

    id = made["vpcConfig"]["clusterSecurityGroupId"]
    [group] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[id])["SecurityGroups"]

    assert {"Key": "kubernetes.io/cluster/west", "Value": "owned"} in group["Tags"]
