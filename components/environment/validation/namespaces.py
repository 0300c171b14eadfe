"""Rules of namespaces: they are the environment's own, and exceptions apply to them."""

from collections.abc import Iterator

from ... import names
from ...linkerd.labels import (
    CNI_NAMESPACE,
    CONTROL_PLANE_NAMESPACE,
    MULTICLUSTER_NAMESPACE,
    VIZ_NAMESPACE,
)
from ...linkerd.proxies.injection import NEVER_INJECTED
from ..clusters import Existing
from ..topology import Topology

# They exist before the environment makes namespaces, or Linkerd's charts make them.
OF_KUBERNETES = ("default", "kube-node-lease", "kube-public")
OF_LINKERD = (
    CONTROL_PLANE_NAMESPACE,
    CNI_NAMESPACE,
    MULTICLUSTER_NAMESPACE,
    VIZ_NAMESPACE,
)


def _is_adopted(name: str, topology: Topology) -> bool:
    """Return whether every cluster with a namespace says that it is there."""
    using = [
        cluster
        for cluster in topology.environment.clusters
        if name in topology.namespaces_of(cluster.name)
    ]
    return all(isinstance(each, Existing) and name in each.namespaces for each in using)


def problems(topology: Topology) -> Iterator[str]:
    """Find meshed namespaces that exist already, and exceptions that apply to no namespace."""
    environment = topology.environment
    used = sorted({name for each in environment.names for name in topology.namespaces_of(each)})
    for name in used:
        if name in NEVER_INJECTED:
            yield (
                f"namespace must be one that Linkerd injects (got {name!r}). Its webhook never "
                f"sees {' and '.join(NEVER_INJECTED)}. Use: a namespace of your own"
            )
        elif name in OF_LINKERD or (name in OF_KUBERNETES and not _is_adopted(name, topology)):
            yield (
                f"namespace must be one of the environment's own (got {name!r}). It exists "
                "already, and could not be made. Use: a namespace of your own"
            )
    yelb = environment.application
    if yelb and not names.is_dns_label(yelb.namespace):
        yield f"namespace of Yelb must be a DNS label (got {yelb.namespace!r}). Use: yelb"
    for exception in environment.unmeshed:
        if exception.workload is not None and not names.is_object_name(exception.workload):
            yield (
                f"workload of an exception in {exception.namespace!r} must be a name that "
                f"Kubernetes takes (got {exception.workload!r}). It would except no workload. Use: "
                "workload=None for the whole namespace"
            )
        if exception.namespace not in used:
            label = "/".join(filter(None, (exception.namespace, exception.workload)))
            yield (
                f"exception {label} must be of a meshed namespace of the environment (got "
                f"{exception.namespace!r}). It would change nothing. Known: "
                f"{', '.join(used) or 'none'}."
            )
