"""Clusters: their names, sizes and versions."""

from collections import Counter
from collections.abc import Iterator

from components import names as derived
from components.linkerd.installation.profiles import profile_problems
from components.node_group import node_problems
from components.retention import retention_problem
from components.support import support_problems

from ..environment import Eks, Environment, Kind


def empty(environment: Environment) -> Iterator[str]:
    """There must be something to deploy."""
    if not environment.clusters:
        yield (
            "environment must have at least one cluster (got none). There would be nothing to "
            'deploy. Use: clusters=[Kind("local")]'
        )


def names(environment: Environment) -> Iterator[str]:
    """A name must end the name of every mirror service, and be no other part's."""
    for name in environment.names:
        if not derived.is_spelt_as_label(name):
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
    """A cluster must have a node for each replica of Linkerd, and nodes that EKS can make."""
    for cluster in environment.clusters:
        found = node_problems(cluster.node_group) if isinstance(cluster, Eks) else []
        if not isinstance(cluster, Eks):
            size = cluster.workers if isinstance(cluster, Kind) else cluster.nodes
            found = profile_problems(environment.linkerd.profile, size)
        for problem in found:
            yield f"cluster {cluster.name!r}: {problem}"


def versions(environment: Environment) -> Iterator[str]:
    """Kubernetes must be one that Linkerd and the add-ons are known to go with."""
    for cluster in environment.clusters:
        if isinstance(cluster, Eks):
            linkerd = environment.linkerd.version_on(cluster.name)
            for problem in support_problems(cluster.kubernetes, linkerd):
                yield f"cluster {cluster.name!r}: {problem}"


def logs(environment: Environment) -> Iterator[str]:
    """Logs must be kept for a number of days that CloudWatch knows."""
    for cluster in environment.eks:
        kept = {
            "log_retention_days": cluster.log_retention_days,
            "flow_log_retention_days": cluster.flow_log_retention_days,
        }
        for what, days in kept.items():
            if days is not None and (problem := retention_problem(what, days)):
                yield f"cluster {cluster.name!r}: {problem}"
