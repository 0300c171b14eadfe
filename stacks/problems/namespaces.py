"""Namespaces: that they are ones of the environment's own, and that exceptions are of them."""

from collections.abc import Iterator

from components import names
from components.linkerd.proxies.injection import NEVER_INJECTED

from ..environment import Environment

# Each is there before the environment's namespaces are made, or made by Linkerd's charts.
TAKEN = (
    "default",
    "kube-node-lease",
    "kube-public",
    "linkerd",
    "linkerd-cni",
    "linkerd-multicluster",
    "linkerd-viz",
)


def problems(environment: Environment) -> Iterator[str]:
    """Meshed namespaces are made on each cluster, so they must be free; exceptions must apply."""
    used = sorted({name for each in environment.names for name in environment.namespaces_of(each)})
    for name in used:
        if name in NEVER_INJECTED:
            yield (
                f"namespace must be one that Linkerd injects (got {name!r}). Its webhook never "
                f"sees {' and '.join(NEVER_INJECTED)}. Use: a namespace of your own"
            )
        elif name in TAKEN:
            yield (
                f"namespace must be one of the environment's own (got {name!r}). It is there "
                "already, and could not be made. Use: a namespace of your own"
            )
    yelb = environment.application
    if yelb and not names.is_dns_label(yelb.namespace):
        yield f"namespace of Yelb must be a DNS label (got {yelb.namespace!r}). Use: yelb"
    for exception in environment.unmeshed:
        if exception.namespace not in used:
            label = "/".join(filter(None, (exception.namespace, exception.workload)))
            yield (
                f"exception {label} must be of a meshed namespace of the environment (got "
                f"{exception.namespace!r}). It would change nothing. Known: "
                f"{', '.join(used) or 'none'}."
            )
