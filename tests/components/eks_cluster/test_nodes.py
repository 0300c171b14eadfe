"""Nodes: their image by operating system and processor, and their disks."""

import pytest

from linkmesh.eks_cluster import Ami, NodeGroup
from linkmesh.eks_cluster.nodes import ami_release, ami_type, disks

from .described import NODES, TEMPLATE, made, ordinary

INTEL, GRAVITON = ("m7i.large", "m6a.large"), ("m7g.large",)


@pytest.mark.parametrize(
    ("ami", "types", "expected"),
    [
        (Ami.AL2023, INTEL, "AL2023_x86_64_STANDARD"),
        (Ami.AL2023, GRAVITON, "AL2023_ARM_64_STANDARD"),
        (Ami.BOTTLEROCKET, INTEL, "BOTTLEROCKET_x86_64"),
        (Ami.BOTTLEROCKET, GRAVITON, "BOTTLEROCKET_ARM_64"),
    ],
)
def test_an_image_fits_system_and_processor(
    ami: Ami, types: tuple[str, ...], expected: str
) -> None:
    assert ami_type(NodeGroup(ami=ami, instance_types=types)) == expected


def test_an_amazon_linux_image_is_of_the_clusters_kubernetes() -> None:
    assert ami_release(NodeGroup(), "1.35").startswith("1.35.")
    assert ami_release(NodeGroup(), "1.34").startswith("1.34.")


def test_bottlerocket_has_a_disk_for_itself_and_one_for_images() -> None:
    system, data = disks(NodeGroup(ami=Ami.BOTTLEROCKET, disk_gib=80))

    assert (system["device_name"], system["ebs"]["volume_size"]) == ("/dev/xvda", 4)
    assert (data["device_name"], data["ebs"]["volume_size"]) == ("/dev/xvdb", 80)
    assert system["ebs"]["encrypted"] == data["ebs"]["encrypted"] == "true"


def test_a_bottlerocket_cluster_is_made_of_it() -> None:
    notes = made(node_group=NodeGroup(ami=Ami.BOTTLEROCKET, instance_types=GRAVITON))
    nodes = notes.one(NODES)

    assert nodes.inputs["amiType"] == "BOTTLEROCKET_ARM_64"
    assert nodes.inputs["releaseVersion"] == "1.58.0-c5c37032"
    assert nodes.inputs["instanceTypes"] == ["m7g.large"]
    assert len(notes.one(TEMPLATE).inputs["blockDeviceMappings"]) == 2


def test_nodes_follow_their_launch_templates_newest_version() -> None:
    nodes = ordinary().one(NODES)

    assert nodes.inputs["launchTemplate"] == {"id": "west-nodes-id", "version": "1"}


def test_a_changed_launch_template_replaces_the_group_which_keeps_its_pinned_image() -> None:
    """In place, EKS would take the newest image, and refuse to go back to the pinned one."""
    nodes = ordinary().one(NODES)

    assert nodes.replace_on == ("launchTemplate",)
    assert not nodes.deletes_first
    assert "nodeGroupName" not in nodes.inputs


def test_bottlerocket_has_the_same_release_on_another_kubernetes_so_the_group_is_replaced() -> None:
    notes = made(node_group=NodeGroup(ami=Ami.BOTTLEROCKET))

    assert notes.one(NODES).replace_on == ("launchTemplate", "version")


def test_a_third_of_the_nodes_may_be_missing_and_sick_ones_are_replaced() -> None:
    nodes = ordinary().one(NODES)

    assert nodes.inputs["updateConfig"] == {"maxUnavailablePercentage": 33}
    assert nodes.inputs["nodeRepairConfig"] == {"enabled": True}
