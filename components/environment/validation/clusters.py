"""Rules of clusters: their names, sizes, versions and logs."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from ... import names as derived
from ...kind_nodes import worker_problems
from ...linkerd.installation.profiles import profile_problems
from ...node_group import node_problems
from ...retention import retention_problem
from ...support import linkerd_release, support_problems
from ...versions import LINKERD_CHART
from ..clusters import ClusterSpec, Eks, Kind
from ..description import Environment


def empty(environment: Environment) -> Iterator[str]:
    """Find an environment without clusters."""
    if not environment.clusters:
        yield (
            "environment must have at least one cluster (got none). There would be nothing to "
            'deploy. Use: clusters=[Kind("local")]'
        )


def kinds(environment: Environment) -> Iterator[str]:
    """Find clusters of classes that say more than a description can."""
    for cluster in environment.clusters:
        if type(cluster) not in get_args(ClusterSpec):
            yield (
                f"cluster {cluster.name!r} must be a Kind, an Eks or an Existing (got a "
                f"{type(cluster).__name__}). A description has plain values, and its stacks read "
                f'kubeconfigs from settings. Use: Existing("{cluster.name}")'
            )


def names(environment: Environment) -> Iterator[str]:
    """Find names that cannot end the names of mirror services, or that another part has."""
    for name in environment.names:
        if not derived.has_label_characters(name):
            yield (
                "name of a cluster must be a DNS label: lower-case letters, digits and hyphens, a "
                f"letter first (got {name!r}). It ends the name of every mirror service. Use: west"
            )
        if name in derived.RESERVED:
            yield (
                f"name of a cluster must not be one of {', '.join(derived.RESERVED)} (got "
                f"{name!r}). It is the name of another part of the environment. Choose another."
            )
    for name, count in Counter(environment.names).items():
        if count > 1:
            yield (
                f"clusters must have different names (got {name!r} {count} times). Each is a stack"
                " of its own. Rename one."
            )


def sizes(environment: Environment) -> Iterator[str]:
    """Find clusters with fewer nodes than Linkerd has replicas, and nodes that EKS cannot make."""
    for cluster in environment.clusters:
        found = node_problems(cluster.node_group) if isinstance(cluster, Eks) else []
        if not isinstance(cluster, Eks):
            size = cluster.workers if isinstance(cluster, Kind) else cluster.nodes
            found = profile_problems(environment.linkerd.profile, size)
        if isinstance(cluster, Kind):
            found = [problem.replace("nodes", "workers") for problem in found]
            found = found or worker_problems(cluster.workers)
        for problem in found:
            yield f"cluster {cluster.name!r}: {problem}"


def versions(environment: Environment) -> Iterator[str]:
    """Find versions of Kubernetes that Linkerd or the add-ons do not support."""
    for cluster in environment.clusters:
        if isinstance(cluster, Eks):
            linkerd = environment.linkerd.version_on(cluster.name)
            # A version of Linkerd that is none is a problem of its own.
            known = linkerd if linkerd_release(linkerd) else LINKERD_CHART
            for problem in support_problems(cluster.kubernetes, known):
                # The cluster's component calls it so.
                named = problem.replace("kubernetes_version", "kubernetes")
                yield f"cluster {cluster.name!r}: {named}"


def logs(environment: Environment) -> Iterator[str]:
    """Find retention times of logs that CloudWatch does not take."""
    for cluster in environment.eks:
        retention = {
            "log_retention_days": cluster.log_retention_days,
            "flow_log_retention_days": cluster.flow_log_retention_days,
        }
        for what, days in retention.items():
            if days is not None and (problem := retention_problem(what, days)):
                yield f"cluster {cluster.name!r}: {problem}"
