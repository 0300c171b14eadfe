"""What links take from clusters: pods on a source, watches and probes on a target."""

import math
from collections.abc import Iterator

from ...linkerd.installation.probe import PROBE_PERIOD_SECONDS
from ...linkerd.installation.profiles import REPLICAS
from ...linkerd.mode import LinkMode
from ..clusters import ClusterSpec, Eks, Kind
from ..links import LinkSpec
from ..topology import Topology
from .limit import Limit, Owner, Use

# Pods of a node of EKS: a network interface's addresses less one, times interfaces, plus two.
# Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/eni-max-pods.txt
_MOST_PODS = {
    "t3.medium": 17,
    "t3.large": 35,
    "t3.xlarge": 58,
    "m6i.large": 29,
    "m6i.xlarge": 58,
    "m7g.large": 29,
    "m7g.xlarge": 58,
    "m7i.large": 29,
    "m7i.xlarge": 58,
}

# Of other nodes. Source: https://kubernetes.io/docs/setup/best-practices/cluster-large/
_MOST_PODS_ELSEWHERE = 110

# Pods of ours without a mirror controller: on each node the network plugin, kube-proxy, the driver
# of disks and the Pod Identity agent; and DNS, two controllers of AWS, Linkerd, its gateway, its
# local service mirror and viz, in high availability.
_PODS_OF_EACH_NODE = 4
_OTHER_PODS = 32

# What service accounts share of 600 requests at once, both by default. A watch takes one of them
# until its first list is answered.
# Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ (workload-low)
_SEATS = 245

# Services and endpoints by the mirror controller that leads; for pod-to-pod calls also endpoint
# slices, pods, Services, Servers and ReplicaSets by each replica of the destination controller.
# Source: linkerd2, multicluster/cmd/service-mirror/main.go; destination/watcher/cluster_store.go
_WATCHES = 2
_WATCHES_OF_A_DESTINATION = 5

# A hundredth of what a proxy with one core answers.
_PROBES_PER_MINUTE = 6000


def _nodes(cluster: ClusterSpec) -> tuple[int, int]:
    """Return the number of a cluster's nodes, and how many pods one takes."""
    if isinstance(cluster, Eks):
        most = _MOST_PODS.get(cluster.instance_types[0], _MOST_PODS_ELSEWHERE)
        return cluster.nodes, most
    nodes = cluster.workers if isinstance(cluster, Kind) else cluster.nodes
    return max(nodes, 1), _MOST_PODS_ELSEWHERE


def _pods(topology: Topology) -> Iterator[Use]:
    """Count the pods of a node if all are spread evenly, for each cluster that calls others."""
    environment = topology.environment
    replicas = REPLICAS[environment.linkerd.profile]
    for cluster in environment.clusters:
        if targets := len(topology.targets_of(cluster.name)):
            nodes, most = _nodes(cluster)
            spread = math.ceil((_OTHER_PODS + replicas * targets) / nodes)
            yield Use(of=cluster.name, count=_PODS_OF_EACH_NODE + spread, most=most)


def _watches(topology: Topology) -> Iterator[Use]:
    environment = topology.environment
    destinations = _WATCHES_OF_A_DESTINATION * REPLICAS[environment.linkerd.profile]
    for target in environment.names:
        count = 0
        for source in topology.sources_of(target):
            modes = {*topology.modes_of(LinkSpec(source, target))}
            count += _WATCHES + (destinations if modes - {LinkMode.GATEWAY} else 0)
        if count:
            yield Use(of=target, count=count, most=_SEATS)


def _probes(topology: Topology) -> Iterator[Use]:
    for target in topology.environment.names:
        sources = len(topology.sources_of(target))
        if sources and topology.has_gateway(target):
            a_minute = sources * 60 // PROBE_PERIOD_SECONDS
            yield Use(of=target, count=a_minute, most=_PROBES_PER_MINUTE)


MESH = (
    Limit(
        name="pods of a node, most of them mirror controllers",
        owner=Owner.KUBERNETES,
        raised="by more or larger nodes",
        beyond="Further pods are not scheduled, mirror controllers among them. Give the cluster "
        "more nodes, or larger ones.",
        uses=_pods,
    ),
    Limit(
        name="watches of sources that the API server answers at once",
        owner=Owner.KUBERNETES,
        raised="by EKS, with the load",
        beyond="After a restart of the API server they wait for one another, and mirrors are late. "
        "Link fewer clusters to it, or call through the gateway.",
        uses=_watches,
    ),
    Limit(
        name="probes of the gateway a minute",
        owner=Owner.LINKMESH,
        raised="by more replicas of the gateway",
        beyond="They take a noticeable part of the gateway's proxies. Link fewer clusters to it.",
        uses=_probes,
    ),
)
