"""
What a node's image is: its type, its release, and the processors that it runs on.

EKS takes a release only if it exists for the group's Kubernetes version; which exist is not known
here, so its form is checked. Bottlerocket's releases say nothing about the Kubernetes version.
"""

import re

from sandbox.plugins.aws.cloud import invalid

TYPES = {
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_STANDARD",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
}

# Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html
AMAZON_LINUX = re.compile(r"(\d+\.\d+)\.\d+-20\d{6}")

# Source: https://github.com/bottlerocket-os/bottlerocket/releases, names of images
BOTTLEROCKET = re.compile(r"\d+\.\d+\.\d+-[0-9a-f]{8}")

# Graviton: a1, and families whose generation is followed by a g (m7g, c8gn, im4gn, t4g).
# Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
GRAVITON = re.compile(r"(a1|[a-z]+\d+g[a-z]*)\.[a-z0-9-]+")


def check_release(ami_type: str, version: str, release: str) -> None:
    """Refuse a release that cannot be one of this type and Kubernetes version."""
    if ami_type.startswith("BOTTLEROCKET"):
        fits = BOTTLEROCKET.fullmatch(release) is not None
    else:
        found = AMAZON_LINUX.fullmatch(release)
        fits = found is not None and found[1] == version
    if not fits:
        raise invalid(
            f"Requested release version {release} is not valid for kubernetes version {version}. "
            f"({ami_type})"
        )


def processor_of(instance_type: str) -> str:
    """Give the architecture that Kubernetes labels a node with."""
    return "arm64" if GRAVITON.fullmatch(instance_type) else "amd64"


def check_not_older(current: str, wanted: str) -> None:
    """Refuse to go back to an older release."""
    if _order(wanted) < _order(current):
        raise invalid(
            f"Requested release version {wanted} must not be older than the node group's own "
            f"({current})"
        )


def _order(release: str) -> tuple[int, ...]:
    comparable = release if AMAZON_LINUX.fullmatch(release) else release.partition("-")[0]
    return tuple(map(int, comparable.replace("-", ".").split(".")))
