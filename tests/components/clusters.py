"""A cluster for the tests of what stands on one: reached by a kubeconfig, on the test engine."""

from collections.abc import Callable, Mapping
from typing import Any

from linkmesh.cluster import Cluster
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs
from tests import engine


def on_a_cluster(
    make: Callable[[Cluster], object],
    *,
    name: str = "west",
    reads: Mapping[str, Mapping[str, Any]] | None = None,
) -> engine.Notes:
    """Run what makes something on one cluster, and reads objects by their ids."""

    def program() -> None:
        make(ExistingCluster(name, ExistingClusterArgs(kubeconfig=engine.KUBECONFIG)))

    return engine.run(program, reads=reads)
