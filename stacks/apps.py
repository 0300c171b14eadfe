"""The part `apps`: the environment's example application, and its exports, routes and aliases."""

from dataclasses import asdict

import pulumi

from linkmesh.composition.apps import AppCluster, make_apps
from linkmesh.environment import Plan
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs

from .outputs import AppsContract, ClusterContract, LinkContract, Stacks


def deploy(plan: Plan, stacks: Stacks) -> None:
    """Make the application on its clusters, and export what others call."""
    links = LinkContract.wait_for(stacks)
    make_apps(plan, {name: _cluster(name, stacks, links) for name in plan.application_clusters})
    AppsContract(mirrors=[asdict(mirror) for mirror in plan.mirrors]).export()


def _cluster(name: str, stacks: Stacks, links: pulumi.Output[object]) -> AppCluster:
    contract = ClusterContract.from_stack(stacks, name)
    # The links are read only to wait for them.
    after_links = pulumi.Output.all(contract.kubeconfig, links).apply(lambda read: str(read[0]))
    cluster = ExistingCluster(name, ExistingClusterArgs(kubeconfig=after_links))
    return AppCluster(cluster=cluster, data_plane=contract.data_plane)
