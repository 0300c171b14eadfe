"""
What a node's image is: its type, its release, and the processors that it runs on.

EKS takes a release only if it exists for the group's Kubernetes version; which exist is not known
here, so its form is checked. Bottlerocket's releases say nothing about the Kubernetes version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sandbox.plugins.aws.cloud import AwsRefused

DEFAULT = "AL2023_x86_64_STANDARD"
TYPES = {
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_STANDARD",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
    "CUSTOM",
}

# Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html
AMAZON_LINUX = re.compile(r"(\d+\.\d+)\.\d+-20\d{6}")

# Source: https://github.com/bottlerocket-os/bottlerocket/releases, names of images
BOTTLEROCKET = re.compile(r"\d+\.\d+\.\d+-[0-9a-f]{8}")

# Graviton: a1, and families whose generation is followed by a g (m7g, c8gn, im4gn, t4g).
# Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
GRAVITON = re.compile(r"(a1|[a-z]+\d+g[a-z]*)\.[a-z0-9-]+")
FORM = re.compile(r"[a-z][a-z0-9-]*\d[a-z0-9-]*\.[a-z0-9-]+")


def check_release(ami_type: str, version: str, release: str | None) -> None:
    """Refuse a release that cannot be one of this type and Kubernetes version."""
    if release is None:
        return
    if ami_type == "CUSTOM":
        raise _invalid("You cannot specify a release version with an AMI type of CUSTOM")
    if ami_type.startswith("BOTTLEROCKET"):
        fits = BOTTLEROCKET.fullmatch(release) is not None
    else:
        found = AMAZON_LINUX.fullmatch(release)
        fits = found is not None and found[1] == version
    if not fits:
        raise _invalid(
            f"Requested release version {release} is not valid for kubernetes version {version}. "
            f"({ami_type})"
        )


def check_processors(ami_type: str, instance_types: Sequence[str]) -> None:
    """Refuse instance types that are none, or cannot start the image."""
    for each in instance_types:
        if not FORM.fullmatch(each):
            raise _invalid(
                f"The following supplied instance types do not exist: [{each}]",
            )
        if ami_type != "CUSTOM" and ("ARM_64" in ami_type) != bool(GRAVITON.fullmatch(each)):
            raise _invalid(
                f"[{each}] is not a valid instance type for requested amiType {ami_type}"
            )


def processor_of(instance_type: str) -> str:
    """Give the architecture that Kubernetes labels a node with."""
    return "arm64" if GRAVITON.fullmatch(instance_type) else "amd64"


def release_of(ami_type: str, version: str) -> str:
    """Give the release that a group gets which asks for none."""
    if ami_type.startswith("BOTTLEROCKET"):
        return "1.58.0-c5c37032"
    return f"{version}.6-20260728"


def _invalid(message: str) -> AwsRefused:
    return AwsRefused("InvalidParameterException", message, operation="EKS: CreateNodegroup")
