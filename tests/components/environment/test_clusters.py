"""The clusters of an environment: what is assumed of one that only has a name."""

from linkmesh.environment import Eks, Existing, Kind
from linkmesh.high_availability import HA_NODES
from linkmesh.node_group import Ami, NodeGroup


def test_every_kind_of_cluster_has_room_for_high_availability() -> None:
    eks = Eks("west", region="eu-west-1", cidr="10.10.0.0/16")

    assert Kind("local").workers == eks.nodes == Existing("onprem").nodes == HA_NODES


def test_an_eks_clusters_nodes_are_as_described() -> None:
    described = Eks(
        "west",
        region="eu-west-1",
        cidr="10.10.0.0/16",
        nodes=4,
        instance_types=["t3.large"],
        disk_gib=30,
        ami=Ami.BOTTLEROCKET,
    )

    assert described.node_group == NodeGroup(
        nodes=4, instance_types=("t3.large",), disk_gib=30, ami=Ami.BOTTLEROCKET
    )


def test_nothing_is_protected_or_recorded_unasked() -> None:
    described = Eks("west", region="eu-west-1", cidr="10.10.0.0/16")

    assert not described.protect
    assert described.flow_log_retention_days is None
