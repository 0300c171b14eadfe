"""Profiles, and how many nodes each needs."""

import pytest

from linkmesh.linkerd.installation.profiles import InstallProfile, profile_problems


@pytest.mark.parametrize(
    ("profile", "nodes"),
    [
        (InstallProfile.HIGH_AVAILABILITY, 3),
        (InstallProfile.HIGH_AVAILABILITY, None),
        (InstallProfile.SMALL, 1),
    ],
)
def test_a_profile_fits_on_its_number_of_nodes(profile: InstallProfile, nodes: int | None) -> None:
    assert profile_problems(profile, nodes) == []


@pytest.mark.parametrize("nodes", [0, 1, 2])
def test_high_availability_on_fewer_than_three_nodes_is_an_error(nodes: int) -> None:
    assert profile_problems(InstallProfile.HIGH_AVAILABILITY, nodes) == [
        f"nodes must be at least 3 for InstallProfile.HIGH_AVAILABILITY (got {nodes}). Replicas "
        "stay off nodes that have one already: the rest would never be scheduled. Use: more nodes, "
        "or profile=InstallProfile.SMALL"
    ]


def test_even_the_small_profile_needs_a_node() -> None:
    assert len(profile_problems(InstallProfile.SMALL, 0)) == 1
