"""
The nodes of a managed node group: which there are, where, and what they are labelled with.

Each node has a network interface in its subnet, made by a call of our own, so that the subnet
cannot be deleted under it; its description names node and group. The node itself is KWOK's.
"""

import re
from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from sandbox import clusters, nodes
from sandbox.home import locked
from sandbox.nodes import Node
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud

# The first addresses of a subnet are AWS' own; some more belong to other interfaces.
FIRST_HOST = 10

# Graviton: a1, and families whose generation is followed by a g (m7g, c8gn, im4gn, t4g).
# Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
GRAVITON = re.compile(r"(a1|[a-z]+\d+g[a-z]*)\.[a-z0-9-]+")


class GroupNodes:
    """The nodes of one group."""

    def __init__(self, cloud: Cloud, id: str, group: dict[str, Any]) -> None:
        self._cloud, self._id, self._group = cloud, id, group
        self._cluster: str = group["clusterName"]

    def scale_to(self, size: int) -> None:
        """Add or take away nodes, the newest first."""
        there = self._interfaces()
        for each in reversed(there[size:]):
            self._remove(each)
        self._join([self._place() for _ in range(size - len(there))])

    def replace(self) -> None:
        """Replace one node after the other, each new one first."""
        for old in self._interfaces():
            self._join([self._place()])
            self._remove(old)

    def _interfaces(self) -> list[ec2.Item]:
        found = ec2.interfaces(self._cloud, "node ")
        return [each for each in found if each["Description"].endswith(f" of {self._id}")]

    def _join(self, new: list[Node]) -> None:
        if new:
            nodes.add_nodes(self._cloud.home, self._cluster, new)

    def _place(self) -> Node:
        """Choose the subnet with the fewest nodes and a free address, as an Auto Scaling group."""
        count = Counter(each["SubnetId"] for each in self._interfaces())
        subnets = [ec2.need(self._cloud, "subnet", id) for id in self._group["subnets"]]
        subnet = min(subnets, key=lambda one: (count[one["SubnetId"]], one["AvailabilityZone"]))
        # Another process may give a node to the same subnet at the same time.
        with locked(self._cloud.home, "aws-nodes"):
            name = self._choose_name(subnet)
            ec2.place_interface(self._cloud, subnet["SubnetId"], f"node {name} of {self._id}")
        instance_type = self._group["instanceTypes"][0]
        labels = {
            "eks.amazonaws.com/nodegroup": self._group["nodegroupName"],
            "kubernetes.io/arch": processor_of(instance_type),
            "node.kubernetes.io/instance-type": instance_type,
            "topology.kubernetes.io/region": self._cloud.region,
            "topology.kubernetes.io/zone": subnet["AvailabilityZone"],
        }
        return Node(name=name, labels=labels)

    def _choose_name(self, subnet: ec2.Item) -> str:
        """Name a node by an address; one that replaces another is not called like it."""
        used = ec2.interfaces(self._cloud, "node ip-", SubnetId=subnet["SubnetId"])
        addresses = [
            IPv4Address(_name(each)[3:].partition(".")[0].replace("-", ".")) for each in used
        ]
        first = IPv4Network(subnet["CidrBlock"])[FIRST_HOST]
        address = str(max(addresses) + 1 if addresses else first).replace(".", "-")
        return f"ip-{address}.{self._cloud.region}.compute.internal"

    def _remove(self, interface: ec2.Item) -> None:
        if clusters.read_cluster(self._cloud.home, self._cluster) is not None:
            nodes.remove_nodes(self._cloud.home, self._cluster, [_name(interface)])
        ec2.remove_interfaces(self._cloud, NetworkInterfaceId=interface["NetworkInterfaceId"])


def _name(interface: ec2.Item) -> str:
    return str(interface["Description"].split()[1])


def processor_of(instance_type: str) -> str:
    """Give the architecture that Kubernetes labels a node with."""
    return "arm64" if GRAVITON.fullmatch(instance_type) else "amd64"


def find_group(cloud: Cloud, id: str) -> dict[str, Any] | None:
    """Look for a group by its id, `<cluster>:<group>`."""
    cluster, _, name = id.partition(":")
    found = cloud.find("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name)
    return found and dict(found["nodegroup"])
