"""
The parts `apps.<cluster>`: the tiers of one cluster, and what others call on it.

They read the stack of their cluster only; `cli/runs/waves.py` has the order.
"""

from dataclasses import asdict

from linkmesh.composition.apps import AppCluster, make_apps
from linkmesh.environment import Plan
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs

from .outputs import AppsContract, ClusterContract, Stacks


def deploy(plan: Plan, name: str, stacks: Stacks) -> None:
    """Make the tiers of one cluster, and export what others call."""
    contract = ClusterContract.from_stack(stacks, name)
    cluster = ExistingCluster(name, ExistingClusterArgs(kubeconfig=contract.kubeconfig))
    make_apps(plan, {name: AppCluster(cluster=cluster, data_plane=contract.data_plane)})
    exports = [export for export in plan.exports if export.described.of == name]
    mirrors = [mirror for export in exports for mirror in export.mirrors]
    AppsContract(mirrors=[asdict(mirror) for mirror in dict.fromkeys(mirrors)]).export()
