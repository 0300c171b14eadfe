"""What a node's image is."""

import pytest

from sandbox.plugins.aws.node_images import (
    TYPES,
    check_not_older,
    check_processors,
    check_release,
    newest,
)
from sandbox.plugins.contract import Refused

AMAZON, ARM = "AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"
BOTTLEROCKET = "BOTTLEROCKET_x86_64"


@pytest.mark.parametrize("ami_type", sorted(TYPES))
def test_the_newest_release_is_one_that_could_be_asked_for(ami_type: str) -> None:
    check_release(ami_type, "1.35", newest(ami_type, "1.35"))


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.35.6-20260701", "1.35.6-20260728"),
        ("1.35.6-20260728", "1.35.10-20260728"),
        ("1.9.0-ffffffff", "1.58.0-c5c37032"),
    ],
)
def test_there_is_no_way_back_to_an_older_release(older: str, newer: str) -> None:
    check_not_older(older, newer)
    check_not_older(older, older)
    with pytest.raises(Refused, match=f"{older} must not be older than .*{newer}"):
        check_not_older(newer, older)


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


@pytest.mark.parametrize(
    ("ami_type", "instance_type"),
    [
        (AMAZON, "m7i.large"),
        (AMAZON, "t3.medium"),
        (AMAZON, "g5.xlarge"),
        (ARM, "m7g.large"),
        (ARM, "c8gn.large"),
        ("BOTTLEROCKET_ARM_64", "t4g.medium"),
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
