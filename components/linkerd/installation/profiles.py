"""
Named sizes of an installation of Linkerd.

A profile is a set of values for each chart, in the module that installs it; no code branches on it.
High availability is the default. A smaller one must be chosen explicitly, because it looks the same
until the first node is drained.
"""

from enum import Enum

from ...high_availability import HA_NODES


class InstallProfile(Enum):
    """Number of replicas of Linkerd's components."""

    HIGH_AVAILABILITY = "high availability"
    """Three replicas on three nodes, and no pod starts without its proxy."""

    SMALL = "small"
    """One replica, for a laptop or a test: without its node there is no control plane."""


NODES = {InstallProfile.HIGH_AVAILABILITY: HA_NODES, InstallProfile.SMALL: 1}

# Of the multicluster extension. Three on three nodes: one node can be drained while another fails.
# The chart's values-ha.yaml sets only the gateway's; controllers and the local mirror have separate
# keys. Source: linkerd2, multicluster/charts/linkerd-multicluster, values-ha.yaml and templates
REPLICAS = {InstallProfile.HIGH_AVAILABILITY: 3, InstallProfile.SMALL: 1}


def profile_problems(profile: InstallProfile, nodes: int | None) -> list[str]:
    """
    List what is wrong with a profile on a number of nodes; None if the number is unknown.

    Source: linkerd2, charts/partials/templates/_affinity.tpl
    """
    needed = NODES[profile]
    if nodes is None or nodes >= needed:
        return []
    return [
        f"nodes must be at least {needed} for {profile} (got {nodes}). Replicas stay off nodes that"
        " have one already: the rest would never be scheduled. Use: more nodes, or"
        " profile=InstallProfile.SMALL"
    ]
