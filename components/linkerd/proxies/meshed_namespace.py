"""The component `MeshedNamespace`: a namespace whose workloads can have Linkerd's proxy."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from ...arguments import checked
from ...cluster import Cluster
from .injection import NEVER_INJECTED, Injection, Unmeshed, is_meshed, namespace_annotations

# Without any field of its own, a namespace has no field manager: who made it would be unknown.
# Source: kubernetes.io, docs/reference/using-api/server-side-apply (managers without fields)
MADE_LABELS = {"app.kubernetes.io/managed-by": "linkmesh"}


@checked
@dataclass(frozen=True, kw_only=True)
class MeshedNamespaceArgs:
    """Arguments of `MeshedNamespace`."""

    cluster: Cluster
    """The cluster of the namespace."""

    namespace: str
    """Its name; the same on every cluster that exports or mirrors services in it."""

    injection: Injection = Injection.PER_NAMESPACE
    """Whether pods get a proxy by default, or only with an annotation."""

    exceptions: Sequence[Unmeshed] = ()
    """Workloads without a proxy; exceptions of other namespaces are ignored."""

    exists: bool = False
    """
    Whether something else made it; then only our annotation is set, and it is never deleted.

    If its owner has set another value, Kubernetes reports a conflict and names the owner.
    """

    def __post_init__(self) -> None:
        if self.namespace in NEVER_INJECTED:
            raise ValueError(
                f"namespace must be one that Linkerd injects (got {self.namespace!r}). Its webhook "
                f"never sees {' and '.join(NEVER_INJECTED)}. Use: a namespace of your own"
            )


class MeshedNamespace(pulumi.ComponentResource):
    """
    A namespace whose workloads can have Linkerd's proxy.

    Mirror services need it on the source as well.

    Makes:
        one namespace, with a label that says who made it; if it exists, one annotation on it, or
        nothing if it needs none.
    Example:
        MeshedNamespace("west-shop", MeshedNamespaceArgs(cluster=west, namespace="shop"))
    """

    def __init__(
        self,
        name: str,
        args: MeshedNamespaceArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:MeshedNamespace", name, {}, opts)
        annotations = namespace_annotations(
            args.injection, meshed=is_meshed(args.exceptions, args.namespace)
        )
        # None rather than empty: the API server drops an empty map, which would show as drift.
        metadata = {"name": args.namespace, "annotations": annotations or None}
        opts = pulumi.ResourceOptions(parent=self, provider=args.cluster.provider)
        if not args.exists:
            made = {**metadata, "labels": MADE_LABELS}
            kubernetes.core.v1.Namespace(name, metadata=made, opts=opts)
        elif annotations:
            kubernetes.core.v1.NamespacePatch(name, metadata=metadata, opts=opts)
        self.register_outputs({})
