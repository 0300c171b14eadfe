"""What a node's image is."""

from __future__ import annotations

import pytest

from sandbox.plugins.aws.node_images import TYPES, check_processors, check_release, release_of
from sandbox.plugins.framework import Refused

AMAZON, ARM = "AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"
BOTTLEROCKET = "BOTTLEROCKET_x86_64"


@pytest.mark.parametrize("ami_type", sorted(TYPES - {"CUSTOM"}))
def test_the_release_that_a_group_gets_is_one_that_it_could_ask_for(ami_type: str) -> None:
    check_release(ami_type, "1.35", release_of(ami_type, "1.35"))


@pytest.mark.parametrize(
    ("ami_type", "release"),
    [
        (AMAZON, "1.34.6-20260728"),
        (AMAZON, "1.58.0-c5c37032"),
        (AMAZON, "1.35.6"),
        (BOTTLEROCKET, "1.35.6-20260728x"),
        (BOTTLEROCKET, "1.58.0"),
    ],
)
def test_a_release_of_another_type_or_version_is_refused(ami_type: str, release: str) -> None:
    with pytest.raises(Refused, match=f"Requested release version {release} is not valid"):
        check_release(ami_type, "1.35", release)


def test_an_image_of_ones_own_has_no_release() -> None:
    with pytest.raises(Refused, match="AMI type of CUSTOM"):
        check_release("CUSTOM", "1.35", "1.35.6-20260728")


@pytest.mark.parametrize(
    ("ami_type", "instance_type"),
    [
        (AMAZON, "m7i.large"),
        (AMAZON, "t3.medium"),
        (AMAZON, "g5.xlarge"),
        (ARM, "m7g.large"),
        (ARM, "c8gn.large"),
        ("BOTTLEROCKET_ARM_64", "t4g.medium"),
        ("CUSTOM", "m7g.large"),
    ],
)
def test_instance_types_that_can_start_the_image_are_taken(
    ami_type: str, instance_type: str
) -> None:
    check_processors(ami_type, [instance_type])


@pytest.mark.parametrize(
    ("ami_type", "instance_type"), [(AMAZON, "m7g.large"), (ARM, "m7i.large"), (ARM, "g5.xlarge")]
)
def test_instance_types_with_other_processors_are_refused(
    ami_type: str, instance_type: str
) -> None:
    with pytest.raises(Refused, match=r"is not a valid instance type for requested amiType"):
        check_processors(ami_type, [instance_type])


def test_a_word_that_is_no_instance_type_is_refused() -> None:
    with pytest.raises(Refused, match="instance types do not exist"):
        check_processors(AMAZON, ["large"])
