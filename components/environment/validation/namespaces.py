"""Rules of namespaces: they are the environment's own, and exceptions apply to them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ... import names
from ...linkerd.labels import (
    CNI_NAMESPACE,
    CONTROL_PLANE_NAMESPACE,
    MULTICLUSTER_NAMESPACE,
    VIZ_NAMESPACE,
)
from ...linkerd.proxies.injection import NEVER_INJECTED, Unmeshed, is_meshed
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
    yield from _exceptions(environment.unmeshed, used)


def _exceptions(unmeshed: Sequence[Unmeshed], used: Sequence[str]) -> Iterator[str]:
    """Find exceptions that apply to no namespace or workload, or to the same as another one."""
    for (namespace, workload), count in Counter(
        (each.namespace, each.workload) for each in unmeshed
    ).items():
        if count > 1:
            yield (
                f"exception {_label(namespace, workload)} must be given once (got {count} times). "
                "One reason is enough. Remove the others."
            )
        elif workload is not None and not is_meshed(unmeshed, namespace):
            yield (
                f"exception {_label(namespace, workload)} must be of a namespace in the mesh (got "
                f"one of all of {namespace!r} too). It would change nothing. Remove one of them."
            )
    for exception in unmeshed:
        if exception.workload is not None and not names.is_object_name(exception.workload):
            yield (
                f"workload of an exception in {exception.namespace!r} must be a name that "
                f"Kubernetes takes (got {exception.workload!r}). It would except no workload. Use: "
                "workload=None for the whole namespace"
            )
        if exception.namespace not in used:
            yield (
                f"exception {_label(exception.namespace, exception.workload)} must be of a meshed "
                f"namespace of the environment (got {exception.namespace!r}). It would "
                f"change nothing. Known: {', '.join(used) or 'none'}."
            )


def _label(namespace: str, workload: str | None) -> str:
    return "/".join(filter(None, (namespace, workload)))
