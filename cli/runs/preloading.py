"""
The modules that programs of stacks import, for the process that they are forked from.

What is missing here is imported again by each program. What is too much here costs each run: to
import the SDK of AWS takes half a second.
"""

from linkmesh.environment import Eks, Kind, Plan

# What every run needs: first that without which the others load in less time.
SERVING = ("linkmesh.cli.runs.no_collection", "linkmesh.cli.runs.programs")

OF_EVERY_ENVIRONMENT = (
    "linkmesh.stacks.apps",
    "linkmesh.stacks.cluster",
    "linkmesh.stacks.links",
    "linkmesh.stacks.network",
    "linkmesh.stacks.routes",
    "linkmesh.stacks.trust",
    "linkmesh.stacks.snapshot",
    "linkmesh.composition.tags",
    # The groups of Kubernetes' SDK load at their first use.
    "pulumi_kubernetes.meta.v1",
    "pulumi_kubernetes.rbac.v1",
)

OF_CLUSTERS = {
    Eks: (
        "linkmesh.stacks.eks",
        "linkmesh.composition.eks",
        "linkmesh.composition.network",
    ),
    Kind: ("linkmesh.kind_cluster",),
}


def preloaded(plan: Plan | None) -> tuple[str, ...]:
    """
    List the modules to import before the programs of an environment run.

    Args:
        plan: the environment; None if no program runs, as when stacks are destroyed.
    """
    if plan is None:
        return SERVING
    kinds = [
        kind
        for kind in OF_CLUSTERS
        if any(isinstance(each, kind) for each in plan.environment.clusters)
    ]
    needed = [module for kind in kinds for module in OF_CLUSTERS[kind]]
    return (*SERVING, *OF_EVERY_ENVIRONMENT, *needed)
