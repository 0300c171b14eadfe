"""
A service that linked clusters can call.

The Service must be there, and may have another owner: this component owns one label of it, by
server-side apply, and removes the label with the export. If another owner has set the label to
another value, Kubernetes reports a conflict and names the owner. With `force` the label is taken
over; on removal it is removed, and the other owner has to set it again. Every source that the
label names makes a mirror, `<service>-<target>`, or adds the service to its federated one,
`<service>-federated`.

A headless service needs `enableHeadlessServices` on the sources' controllers; else its mirror has a
cluster IP like others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...arguments import checked
from ...cluster import SKIP_AWAIT, Cluster
from ..mode import LinkMode
from . import export_labels

# Source: pulumi-kubernetes, "Kubernetes Server-Side Apply Patching"
PATCH_FORCE = "pulumi.com/patchForce"


@checked
@dataclass(frozen=True, kw_only=True)
class ExportedServiceArgs:
    """
    Arguments of `ExportedService`.

    All problems are reported together, as one `ValueError`.
    """

    cluster: Cluster
    """The cluster of the service: the target."""

    service: str
    """Name of the Service."""

    namespace: str
    """Its namespace, which the sources must have as well: `MeshedNamespace`."""

    sources: Sequence[str] | None = None
    """
    Names of the clusters that may call it; None: every cluster with a link to this one.

    The links of chosen sources must select the value of `label`: `LinkArgs.export_labels`.
    """

    mode: LinkMode = LinkMode.GATEWAY
    """How calls reach it. A service may have an export in each mode."""

    resource: kubernetes.core.v1.Service | None = None
    """
    The Service, if this program makes it.

    The export then waits for it, and an ExternalName, which has no pods, is an error.
    """

    is_labelled: bool = False
    """
    Whether the owner of the Service sets `label`, e.g. with GitOps; then nothing is set here.

    The Service may come later. Otherwise it must be there: it is not created.
    """

    force: bool = False
    """Whether to take the label over from another field manager that has set it."""

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def callable_as(self) -> str:
        """Name of the Service that sources call: `<service>-<cluster>` or `<service>-federated`."""
        return self.mode.callable_name(self.service, self.cluster.name)

    @property
    def label(self) -> dict[str, str]:
        """The label that exports it."""
        return export_labels.labels(self.mode, of=self.cluster.name, sources=self.sources)

    def _problems(self) -> Iterator[str]:
        subject = f"{self.namespace}/{self.service}"
        name = self.callable_as
        if len(name) > names.SERVICE_LIMIT:
            what = "federated" if self.mode is LinkMode.FEDERATED else "mirror"
            yield (
                f"{what} service of {subject} must have a name of at most "
                f"{names.SERVICE_LIMIT} characters (got {len(name)}: {name}). Linkerd would "
                "not make it. Shorten the name of the service or of the cluster."
            )
        if self.sources is not None and not self.sources:
            yield (
                f"sources of {subject} must name at least one cluster (got none). No cluster could "
                "call it. Remove the export, or leave `sources` out to offer it to every one."
            )
        if problem := export_labels.label_problem(*self.label.values()):
            yield f"{subject}: {problem}"


class ExportedService(pulumi.ComponentResource):
    """
    One service, exported from its cluster in one mode.

    Makes:
        one label on the Service; nothing if its owner sets it.
    Example:
        export = ExportedService(
            "orders", ExportedServiceArgs(cluster=east, service="orders", namespace="shop")
        )
        pulumi.export("url", export.url(80))  # http://orders-east.shop.svc.cluster.local:80
    Source: https://linkerd.io/2-edge/tasks/multicluster/
    """

    mirror: str
    """Name of the Service that sources call: `<service>-<cluster>` or `<service>-federated`."""

    namespace: str
    """Its namespace, the same on every cluster."""

    federated: str | None
    """Name of the federated service; None in other modes."""

    def __init__(
        self,
        name: str,
        args: ExportedServiceArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ExportedService", name, {}, opts)
        self.mirror = args.callable_as
        self.namespace = args.namespace
        self.federated = args.callable_as if args.mode is LinkMode.FEDERATED else None
        if not args.is_labelled:
            _label(name, args, parent=self)
        self.register_outputs({"mirror": self.mirror})

    def host(self, cluster_domain: str = names.CLUSTER_DOMAIN) -> str:
        """
        Return the host name that pods on a source call.

        Args:
            cluster_domain: suffix of the source's DNS names, not of the target's.
        """
        return f"{self.mirror}.{self.namespace}.svc.{cluster_domain}"

    def url(
        self, port: int, *, scheme: str = "http", cluster_domain: str = names.CLUSTER_DOMAIN
    ) -> str:
        """
        Return the URL that pods on a source call.

        Args:
            port: the port of the Service.
            cluster_domain: suffix of the source's DNS names, not of the target's.
        """
        return f"{scheme}://{self.host(cluster_domain)}:{port}"


def _label(
    name: str, args: ExportedServiceArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.ServicePatch:
    metadata: dict[str, Any] = {
        "name": _checked_name(args),
        "namespace": args.namespace,
        "labels": args.label,
    }
    if annotations := _annotations(args):
        metadata["annotations"] = annotations
    return kubernetes.core.v1.ServicePatch(
        name,
        metadata=metadata,
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=args.cluster.provider,
            depends_on=[] if args.resource is None else [args.resource],
        ),
    )


def _annotations(args: ExportedServiceArgs) -> dict[str, str]:
    """
    Return what Pulumi's provider is asked to do.

    A label is there at once, so there is no reason to wait for ready pods. Only in mode FEDERATED
    the provider waits: if two members appear at once, Linkerd's controllers create the same
    federated service, take AlreadyExists for a success, and the slower one is no member for
    minutes. A program deploys members one after another (composition/apps.py), and only the wait of
    the provider, 10 s and more, makes a pause between them.
    Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (handleCreateFederatedService);
    pulumi-kubernetes, provider/pkg/await/service.go
    """
    waits = args.mode is LinkMode.FEDERATED
    return {
        **({} if waits else {SKIP_AWAIT: "true"}),
        **({PATCH_FORCE: "true"} if args.force else {}),
    }


def _checked_name(args: ExportedServiceArgs) -> pulumi.Input[str]:
    if args.resource is None:
        return args.service
    name: pulumi.Output[str] = args.resource.spec.apply(lambda spec: _unless_external(args, spec))
    return name


def _unless_external(args: ExportedServiceArgs, spec: Any) -> str:
    # `type` comes in a class, or in a plain map while Pulumi only previews.
    kind = spec.get("type") if isinstance(spec, dict) else getattr(spec, "type", None)
    if kind == "ExternalName":
        raise pulumi.RunError(
            f"Service {args.namespace}/{args.service} must have pods to be exported (got an "
            "ExternalName). Its mirror could reach nothing. Make the same ExternalName on the "
            "sources instead."
        )
    return args.service
