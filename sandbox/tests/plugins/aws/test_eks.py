"""Clusters: what they stand on must be there, and stays there while they exist."""

import pytest

from sandbox.home import SandboxError
from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.fake_clusters import FakeClusters


def test_a_cluster_tells_how_to_reach_its_api_server(program: Program, kwok: FakeClusters) -> None:
    made = program.one("west")

    assert made["arn"] == "arn:aws:eks:eu-west-1:000000000000:cluster/west"
    assert made["endpoint"] == "https://127.0.0.1:1"
    assert made["certificateAuthority"] == {"data": "dGhlIGF1dGhvcml0eQ=="}
    assert made["identities"][0]["oidcs"][0]["issuer"].startswith(
        "https://oidc.eks.eu-west-1.amazonaws.com/id/"
    )
    assert list(kwok.nodes) == ["west"]
    id = made["vpcConfig"]["clusterSecurityGroupId"]
    [group] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[id])["SecurityGroups"]
    assert {"Key": "kubernetes.io/cluster/west", "Value": "owned"} in group["Tags"]
    entries = program.cloud.call("eks", "list_access_entries", clusterName="west")
    assert entries["accessEntries"] == []  # whoever made the cluster is no administrator


def test_an_api_server_that_does_not_start_leaves_nothing(
    program: Program, kwok: FakeClusters
) -> None:
    kwok.fails = "create_cluster"

    with pytest.raises(SandboxError, match="it does not start"):
        program.make("west")

    program.destroy()
    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []


def test_what_a_cluster_stands_on_cannot_be_deleted(program: Program) -> None:
    program.one("west")

    with pytest.raises(Refused, match=r"DependencyViolation.*Amazon EKS west"):
        program.delete("a")


def test_deletion_protection_is_honoured_until_it_is_taken_away(program: Program) -> None:
    program.make("west", deletionProtection=True)

    with pytest.raises(Refused, match="has deletion protection enabled"):
        program.delete("west")

    program.change("west", deletionProtection=False)
    program.delete("west")


def test_public_access_changes_in_place_and_a_preview_knows_what_stays(program: Program) -> None:
    made = program.one("west")
    network = {**made.inputs["vpcConfig"], "publicAccessCidrs": ["52.1.2.3/32"]}
    news = {**made.inputs, "vpcConfig": network}
    before = (made.state, made.inputs)

    foreseen = program.resource("Cluster").update(*before, news, preview=True)

    program.change("west", vpcConfig=network)
    assert program.one("west")["vpcConfig"] == foreseen.outputs["vpcConfig"]
    del network["publicAccessCidrs"]
    private = program.change("west", vpcConfig={**network, "endpointPublicAccess": False})
    assert private["vpcConfig"]["endpointPublicAccess"] is False
    assert program.drift("west") == []


def test_without_a_log_group_eks_makes_one_that_nobody_deletes(program: Program) -> None:
    asked = program.one("west").asked
    program.delete("west")
    program.delete("logs")

    program.add("Cluster", "west", **asked)
    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == [
        "eu-west-1 log-group /aws/eks/west/cluster"
    ]


def test_a_cluster_of_the_same_name_elsewhere_is_refused_loudly(
    program: Program, kwok: FakeClusters
) -> None:
    kwok.nodes["west"] = {}

    with pytest.raises(SandboxError, match="it exists already"):
        program.make("west")
