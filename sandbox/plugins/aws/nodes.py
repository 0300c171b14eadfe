"""
The nodes of a managed node group: which there are, where, and what they are labelled with.

Notes hold the list. Each node has a network interface in its subnet, made by a call of our own, so
that the subnet cannot be deleted under it; the node itself is KWOK's.
"""

import ipaddress
import itertools
from collections import Counter
from typing import Any

from sandbox import clusters
from sandbox.clusters import Node
from sandbox.home import locked
from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.node_images import processor_of

KIND = "nodegroup"


class GroupNodes:
    """The nodes of one group, and the notes about them."""

    def __init__(self, cloud: Cloud, id: str, facts: dict[str, Any]) -> None:
        self.cloud, self.id = cloud, id
        self.cluster, _, self.name = id.partition(":")
        self.failures: list[str] = facts.get("failures", [])
        """Why its nodes do not join."""
        self.nodes: list[dict[str, str]] = facts.get("nodes", [])
        self.names: list[str] = facts.get("names", [])
        """Those of former nodes too."""

    def scale_to(self, size: int) -> None:
        """Add or take away nodes, the newest first."""
        while len(self.nodes) > size:
            self._remove(self.nodes[-1])
        new = [self._place() for _ in range(size - len(self.nodes))]
        self._join(new)

    def replace_nodes(self) -> None:
        """Replace one node after the other, each new one first."""
        for old in list(self.nodes):
            self._join([self._place()])
            self._remove(old)

    def _join(self, new: list[dict[str, str]]) -> None:
        if new:
            nodes = [self._node(each) for each in new]
            clusters.add_nodes(self.cloud.home, self.cluster, nodes)

    def _place(self) -> dict[str, str]:
        """Choose the subnet with the fewest nodes and a free address, as an Auto Scaling group."""
        group = find_group(self.cloud, self.id)
        assert group is not None
        subnet = self._choose_subnet(sorted(group["subnets"]))
        # Another process may give a node to the same subnet at the same time.
        with locked(self.cloud.home, "aws-nodes"):
            name = self._choose_name(subnet)
            interface = ec2.place_interface(self.cloud, subnet["SubnetId"], f"node {name}")
        node = {
            "name": name,
            "interface": interface,
            "subnet": subnet["SubnetId"],
            "zone": subnet["AvailabilityZone"],
            "instance-type": group["instanceTypes"][0],
        }
        self.nodes.append(node)
        self.names.append(name)
        self.write()
        return node

    def _choose_subnet(self, ids: list[str]) -> ec2.Item:
        count = Counter(node["subnet"] for node in self.nodes)
        subnets = [ec2.need(self.cloud, "subnet", id) for id in ids]
        return min(subnets, key=lambda each: (count[each["SubnetId"]], each["AvailabilityZone"]))

    def _choose_name(self, subnet: ec2.Item) -> str:
        """Name a node by a free address; one that replaces another is not called like it."""
        used = ec2.interfaces(self.cloud, "node ", SubnetId=subnet["SubnetId"])
        taken = {each["Description"].removeprefix("node ") for each in used}
        # The first addresses of a subnet are AWS' own; some more belong to other interfaces.
        hosts = itertools.islice(ipaddress.ip_network(subnet["CidrBlock"]).hosts(), 9, None)
        names = (
            f"ip-{str(host).replace('.', '-')}.{self.cloud.region}.compute.internal"
            for host in hosts
        )
        return next(name for name in names if name not in taken and name not in self.names)

    def _remove(self, node: dict[str, str]) -> None:
        if clusters.read_cluster(self.cloud.home, self.cluster) is not None:
            clusters.remove_nodes(self.cloud.home, self.cluster, [node["name"]])
        ec2.remove_interfaces(self.cloud, NetworkInterfaceId=node["interface"])
        self.nodes.remove(node)
        self.write()

    def _node(self, node: dict[str, str]) -> Node:
        labels = {
            "eks.amazonaws.com/nodegroup": self.name,
            "kubernetes.io/arch": processor_of(node["instance-type"]),
            "node.kubernetes.io/instance-type": node["instance-type"],
            "topology.kubernetes.io/region": self.cloud.region,
            "topology.kubernetes.io/zone": node["zone"],
        }
        return Node(name=node["name"], labels=labels)

    def write(self) -> None:
        """Note all of it."""
        names = ("failures", "names", "nodes")
        notes.write(self.cloud, KIND, self.id, {name: getattr(self, name) for name in names})


def find_group(cloud: Cloud, id: str) -> dict[str, Any] | None:
    """Look for a group by its id, `<cluster>:<group>`."""
    cluster, _, name = id.partition(":")
    found = cloud.find("eks", "describe_nodegroup", clusterName=cluster, nodegroupName=name)
    return found and dict(found["nodegroup"])
