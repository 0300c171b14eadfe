"""Node groups: nodes join only where they can reach what they need."""

from typing import Any

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.contract import PartialFailure, Refused
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import (
    TOKENS,
    FakeClusters,
    Made,
    Network,
    Program,
    cluster,
    network,
    node_group,
    role,
)


def started(program: Program, **inputs: Any) -> tuple[Network, Made]:
    """Make a cluster whose nodes can join."""
    within = network(program)
    made = cluster(program, within, **inputs)
    program.make("Addon", "vpc-cni", clusterName="west", addonName="vpc-cni")
    return within, made


def test_nodes_join_with_the_labels_of_eks_spread_over_zones(
    program: Program, kwok: FakeClusters
) -> None:
    within, of = started(program)

    made = node_group(program, of, within)

    nodes = list(kwok.nodes["west"].values())
    assert [node.name for node in nodes] == [
        "ip-10-10-0-10.eu-west-1.compute.internal",
        "ip-10-10-1-10.eu-west-1.compute.internal",
        "ip-10-10-0-11.eu-west-1.compute.internal",
    ]
    assert [node.labels["topology.kubernetes.io/zone"] for node in nodes] == [
        "eu-west-1a",
        "eu-west-1b",
        "eu-west-1a",
    ]
    assert nodes[0].labels["eks.amazonaws.com/nodegroup"] == made["nodeGroupName"]
    assert nodes[0].labels["topology.kubernetes.io/region"] == "eu-west-1"
    assert made["status"] == "ACTIVE"
    assert made["nodeGroupName"].startswith("nodes-")
    assert program.drift(made) == []


def test_scaling_adds_and_removes_nodes(program: Program, kwok: FakeClusters) -> None:
    within, of = started(program)
    made = node_group(program, of, within)
    first = list(kwok.nodes["west"])

    program.change(made, scalingConfig={"minSize": 3, "desiredSize": 4, "maxSize": 4})
    grown = list(kwok.nodes["west"])
    program.change(made, scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 4})

    assert grown[:3] == first
    assert len(grown) == 4
    assert list(kwok.nodes["west"]) == first[:2]
    assert made["scalingConfig"]["desiredSize"] == 2
    assert program.drift(made) == []


def test_another_version_of_the_template_replaces_the_nodes(
    program: Program, kwok: FakeClusters
) -> None:
    within, of = started(program)
    made = node_group(program, of, within)
    template = program.first("LaunchTemplate")
    first = set(kwok.nodes["west"])
    asked = made.inputs["releaseVersion"]

    program.change(template, metadataOptions={"httpTokens": "required"})
    program.change(made, launchTemplate={"id": template.id, "version": "2"})

    assert not first & set(kwok.nodes["west"])
    assert len(kwok.nodes["west"]) == 3
    assert made["launchTemplate"]["version"] == "2"
    # The update named no release, so EKS took its newest; there is no way back.
    assert made["releaseVersion"] == "1.35.99-20991231"
    with pytest.raises(Refused, match=f"{asked} must not be older"):
        program.change(made)


def test_nodes_before_the_network_plugin_never_join(program: Program, kwok: FakeClusters) -> None:
    within = network(program)
    made = cluster(program, within)

    with pytest.raises(PartialFailure, match=r"no network plug-in.*no add-on vpc-cni") as failure:
        node_group(program, made, within)

    assert failure.value.state.outputs["status"] == "CREATE_FAILED"
    assert kwok.nodes["west"] == {}
    program.destroy()


def test_nodes_that_do_not_become_ready_make_the_group_fail(
    program: Program, kwok: FakeClusters
) -> None:
    within, of = started(program)
    kwok.fails = True

    with pytest.raises(PartialFailure, match=r"CREATE_FAILED.*it does not start"):
        node_group(program, of, within)

    kwok.fails = False
    program.destroy()
    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []


def test_what_is_unknown_in_a_preview_is_not_refused(program: Program) -> None:
    resource = TYPES[TOKENS["NodeGroup"]](program.cloud)
    unknown = dict.fromkeys(
        (*resource.schema.required, "updateConfig", "nodeRepairConfig"), UNKNOWN
    )

    checked = resource.check({**unknown, "nodeGroupName": "nodes"}, None)

    assert resource.create("urn", checked, preview=True, timeout=0).outputs["version"] is UNKNOWN


def test_nodes_without_a_way_out_never_join(program: Program, kwok: FakeClusters) -> None:
    within = network(program, way_out=False)
    made = cluster(program, within, bootstrapSelfManagedAddons=True)

    with pytest.raises(PartialFailure, match="has no way to the internet"):
        node_group(program, made, within)


def test_nodes_that_the_api_server_does_not_admit_never_join(
    program: Program, kwok: FakeClusters
) -> None:
    within = network(program)
    subnets = [subnet.id for subnet in within.subnets]
    closed = {"subnetIds": subnets, "publicAccessCidrs": ["198.51.100.1/32"]}
    address = next(each for each in program.made if each.kind == "Eip")["publicIp"]
    made = cluster(program, within, bootstrapSelfManagedAddons=True, vpcConfig=closed)

    with pytest.raises(PartialFailure, match=f"from {address}, which publicAccessCidrs do not"):
        node_group(program, made, within)

    program.delete(program.made[-1])
    program.change(made, vpcConfig={**closed, "publicAccessCidrs": [f"{address}/32"]})
    node_group(program, made, within)
    assert len(kwok.nodes["west"]) == 3


WRONG_GROUPS: list[tuple[dict[str, Any], str]] = [
    ({"clusterName": "east"}, "No cluster found for name: east"),
    ({"nodeRoleArn": "arn:aws:iam::000000000000:role/no"}, "does not exist or does not trust"),
    ({"subnetIds": ["subnet-0123456789abcdef0"]}, "does not exist in the cluster's VPC"),
    (
        {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 3}},
        "minSize <= desiredSize <= maxSize",
    ),
    ({"launchTemplate": {"id": "lt-0", "version": "1"}}, "does not exist"),
    ({"remoteAccess": {}}, "'remoteAccess' must be a property that"),
]


def test_a_wrong_node_group_is_refused(program: Program, kwok: FakeClusters) -> None:
    within, of = started(program)

    for inputs, reason in WRONG_GROUPS:
        with pytest.raises(Refused, match=reason):
            node_group(program, of, within, **inputs)


def test_a_role_without_the_nodes_policies_is_refused(program: Program, kwok: FakeClusters) -> None:
    within, of = started(program)
    bare = role(program, "bare", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")

    with pytest.raises(Refused, match="attached: AmazonEC2ContainerRegistryPullOnly or"):
        node_group(program, of, within, nodeRoleArn=bare["arn"])


def test_the_nodes_role_gets_an_access_entry_while_there_are_nodes(
    program: Program, kwok: FakeClusters
) -> None:
    within, of = started(program)
    made = node_group(program, of, within)

    def entries() -> list[str]:
        answer = program.cloud.call("eks", "list_access_entries", clusterName="west")
        return list(answer["accessEntries"])

    assert entries() == [made["nodeRoleArn"]]

    program.delete(made)

    assert entries() == []


def test_a_subnet_with_nodes_cannot_be_deleted(program: Program, kwok: FakeClusters) -> None:
    within, of = started(program)
    extra = program.make(
        "Subnet",
        "extra",
        vpcId=within.vpc.id,
        cidrBlock="10.10.7.0/24",
        availabilityZone="eu-west-1c",
    )
    program.make("RouteTableAssociation", "extra", routeTableId=within.table.id, subnetId=extra.id)
    node_group(program, of, Network(within.vpc, [extra], within.table))

    with pytest.raises(Refused, match=r"DependencyViolation.*node ip-10-10-7-10"):
        program.delete(extra)


def test_what_cannot_change_replaces_the_group(program: Program, kwok: FakeClusters) -> None:
    within, of = started(program)
    made = node_group(program, of, within)

    assert program.replaces(made, instanceTypes=["m7i.xlarge"]) == ["instanceTypes[0]"]
    assert "subnetIds[1]" in program.replaces(made, subnetIds=[within.subnets[0].id])
    assert program.replaces(made, subnetIds=list(reversed(made.inputs["subnetIds"]))) == []


def test_a_release_and_its_processors_are_checked_and_a_new_one_replaces_the_nodes(
    program: Program, kwok: FakeClusters
) -> None:
    within, of = started(program)
    arm = {"amiType": "AL2023_ARM_64_STANDARD", "instanceTypes": ["m7g.large"]}

    with pytest.raises(Refused, match=r"Requested release version 1.34.6-20260728 is not valid"):
        node_group(program, of, within, releaseVersion="1.34.6-20260728", **arm)
    with pytest.raises(Refused, match=r"m7i.large.* is not a valid instance type"):
        node_group(program, of, within, **{**arm, "instanceTypes": ["m7i.large"]})
    made = node_group(program, of, within, releaseVersion="1.35.5-20260701", **arm)
    before = set(kwok.nodes["west"])
    program.change(made, releaseVersion="1.35.6-20260728")
    processors = {node.labels["kubernetes.io/arch"] for node in kwok.nodes["west"].values()}

    assert not before & set(kwok.nodes["west"])
    assert processors == {"arm64"}
    assert made["releaseVersion"] == "1.35.6-20260728"
    with pytest.raises(Refused, match=r"is not valid for kubernetes version 1.35"):
        program.change(made, releaseVersion="1.58.0-c5c37032")
