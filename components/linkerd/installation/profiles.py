"""
The named sizes in which Linkerd's charts are installed.

A profile is a set of values for each chart, kept beside what installs it; nothing branches on one.
High availability is the default. What is smaller has to be asked for by name, since it looks the
same until the first node is drained.
"""

from enum import Enum

from ...high_availability import HA_NODES


class Profile(Enum):
    """How much of Linkerd runs."""

    HIGH_AVAILABILITY = "high availability"
    """Three of everything on nodes of their own, and no pod starts without its proxy."""

    SMALL = "small"
    """One of everything, for a laptop or a test: a drained node takes the control plane with it."""


NODES = {Profile.HIGH_AVAILABILITY: HA_NODES, Profile.SMALL: 1}


def profile_problems(profile: Profile, nodes: int | None) -> list[str]:
    """
    Tell what is wrong with a profile on so many nodes; None means that nobody knows how many.

    Source: linkerd2, charts/partials/templates/_affinity.tpl
    """
    needed = NODES[profile]
    if nodes is None or nodes >= needed:
        return []
    return [
        f"nodes must be at least {needed} for {profile} (got {nodes}). Replicas stay off nodes that"
        " have one already: the rest would never be scheduled. Use: more nodes, or"
        " profile=Profile.SMALL"
    ]
