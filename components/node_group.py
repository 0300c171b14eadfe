"""
The node group of an EKS cluster, as data, and its validation.

Apart from the cluster, so that a description of an environment is validated without loading the AWS
SDK. Amazon Linux 2 is not among the images: EKS has none for Kubernetes above 1.32.
 Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .arguments import checked

# The same number as Linkerd's high availability needs everywhere.
# Source: linkerd2, charts/partials/templates/_affinity.tpl
FEWEST_NODES = 3

# Source: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
MOST_NODES = 450

# On each node run at least four pods of EKS (network plug-in, kube-proxy, disks, identities), three
# of Linkerd's control plane, a gateway, a mirror controller, and a part of DNS, metrics and viz.
FEWEST_PODS = 12

# Types whose network interfaces have addresses for fewer pods: 4, 8 or 11.
# Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/eni-max-pods.txt
_FEW_PODS = re.compile(r".*\.(nano|micro|small)|(?!t\d).*\.medium")

# Source: Amazon EC2 Instance Types Guide, naming conventions
_TYPE = re.compile(
    r"([a-z]+\d+[a-z0-9]*(-[a-z0-9]+)?|u-\d+tb\d+)"
    r"\.(nano|micro|small|medium|large|xlarge|([2-9]|\d\d+)xlarge|metal(-\d+xl)?)",
    re.ASCII,
)

# The AMIs' own smallest disk. Source: Amazon EKS API Reference, CreateNodegroup, diskSize
SMALLEST_DISK_GIB = 20

# Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html (gp3)
LARGEST_DISK_GIB = 65_536

# A `g` among the letters after the generation means Graviton: m7g, c6gn, im4gn, x2gd; and the first
# of them, a1. Source: Amazon EC2 Instance Types Guide, naming conventions
_GRAVITON = re.compile(r"a1\.|[a-z]+\d+[a-z]*g[a-z]*\.")


class Ami(Enum):
    """Operating system of the nodes: AMIs that AWS publishes for EKS."""

    AL2023 = "AL2023"
    """Amazon Linux 2023."""

    BOTTLEROCKET = "Bottlerocket"
    """Bottlerocket: minimal, with a read-only root file system."""


@checked
@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """
    The managed node group of an EKS cluster: number, size and operating system of its nodes.

    Example: `NodeGroup(nodes=5, instance_types=["m7g.large"], ami=Ami.BOTTLEROCKET)`
    """

    nodes: int = FEWEST_NODES
    """
    Number of nodes, at least three, for Linkerd's high availability.

    It is the minimum and the desired size of the group; the maximum is one more, for updates.
    """

    instance_types: Sequence[str] = ("m7i.large",)
    """EC2 instance types in order of preference, all of one architecture; at least one."""

    disk_gib: int = 50
    """Size of a node's encrypted disk, in GiB; at least 20."""

    ami: Ami = Ami.AL2023
    """Operating system."""

    @property
    def is_arm(self) -> bool:
        """Whether the nodes have Graviton processors."""
        return any(map(is_graviton, self.instance_types))


def is_graviton(instance_type: str) -> bool:
    """Return whether instances of a type have Graviton processors."""
    return _GRAVITON.match(instance_type) is not None


def node_problems(group: NodeGroup) -> list[str]:
    """List what is wrong with a node group; each problem starts with the field's name."""
    problems = []
    if group.nodes < FEWEST_NODES:
        problems.append(
            f"nodes must be at least {FEWEST_NODES} (got {group.nodes}). Linkerd's high "
            "availability needs a node for each replica. Use: nodes=3"
        )
    if group.nodes > MOST_NODES:
        problems.append(
            f"nodes must be at most {MOST_NODES} (got {group.nodes}). EKS has no larger node "
            "group. Use: larger instance types, or another cluster"
        )
    if group.disk_gib > LARGEST_DISK_GIB:
        problems.append(
            f"disk_gib must be at most {LARGEST_DISK_GIB} (got {group.disk_gib}). EBS has no "
            "larger gp3 disk. Use: disk_gib=50"
        )
    if group.disk_gib < SMALLEST_DISK_GIB:
        problems.append(
            f"disk_gib must be at least {SMALLEST_DISK_GIB} (got {group.disk_gib}). The image "
            "of a node alone needs almost as much. Use: disk_gib=50"
        )
    return [*problems, *_instance_problems(group.instance_types)]


def _instance_problems(types: Sequence[str]) -> list[str]:
    if not types:
        return [
            "instance_types must name at least one (got none). EKS would use t3.medium, too small "
            'for Linkerd. Use: instance_types=["m7i.large"]'
        ]
    if twice := sorted({each for each in types if types.count(each) > 1}):
        return [
            f"instance_types must name each type once (got {', '.join(twice)} again). EC2 takes "
            f"them in their order. Use: instance_types={[*dict.fromkeys(types)]}"
        ]
    if wrong := [each for each in types if not _TYPE.fullmatch(each)]:
        return [
            f"instance_types must be a family, a point and a size (got {', '.join(wrong)}). EC2 "
            f'has no such type. Use: instance_types=["{_nearest(wrong[0])}"]'
        ]
    if small := [each for each in types if _FEW_PODS.fullmatch(each)]:
        return [
            f"instance_types must have addresses for {FEWEST_PODS} pods or more (got "
            f"{', '.join(small)}). EKS and Linkerd would fill a node, and some of their pods would "
            'never start. Use: instance_types=["m7i.large"], or t3.medium for a trial'
        ]
    if len(set(map(is_graviton, types))) > 1:
        return [
            f"instance_types must be of one architecture (got {', '.join(types)}). A node group "
            'has one image. Use: instance_types=["m7g.large", "m6g.large"]'
        ]
    return []


def _nearest(wrong: str) -> str:
    """Return the type that a wrong name probably means."""
    plain = wrong.strip().lower().replace("_", ".").replace(" ", ".").replace("-", ".", 1)
    return plain if _TYPE.fullmatch(plain) else "m7i.large"
