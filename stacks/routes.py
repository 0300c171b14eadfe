"""
The parts `routes.<cluster>`: the routes and aliases of one cluster.

They are apart from its exports: a route comes after the exports that it leads to, and clusters may
lead calls to each other.
Decision: docs/decisions/0026-stacks-by-source.md
"""

from linkmesh.composition.apps import AppCluster
from linkmesh.composition.routes import make_routes
from linkmesh.environment import Plan
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs

from .outputs import ClusterContract, Stacks


def deploy(plan: Plan, name: str, stacks: Stacks) -> None:
    """Make the routes and aliases of one cluster."""
    contract = ClusterContract.from_stack(stacks, name)
    cluster = ExistingCluster(name, ExistingClusterArgs(kubeconfig=contract.kubeconfig))
    make_routes(plan, {name: AppCluster(cluster=cluster, data_plane=contract.data_plane)})
