"""
A service that linked clusters can call.

The Service may be anybody's: only one label of it is ours, by server-side apply, and it goes when
the export goes. Every source that the label names then makes a mirror, `<service>-<target>`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from .. import names
from ..cluster import Cluster
from .link import EXPORTED


@dataclass(frozen=True, kw_only=True)
class ExportedServiceArgs:
    """Which service, and to whom."""

    cluster: Cluster
    """The cluster that the service runs on: the target."""

    service: str
    """Name of the Service."""

    namespace: str
    """Its namespace, which the sources must have too."""

    sources: Sequence[str] | None = None
    """Names of the clusters that may call it; None means every linked one, those to come too."""

    def __post_init__(self) -> None:
        mirror = names.mirror_service(self.service, self.cluster.name)
        if len(mirror) > names.SERVICE_LIMIT:
            raise ValueError(
                f"mirror service of {self.namespace}/{self.service} must have a name of at most "
                f"{names.SERVICE_LIMIT} characters (got {len(mirror)}: {mirror}). Linkerd would "
                "not make it. Shorten the name of the service or of the cluster."
            )


class ExportedService(pulumi.ComponentResource):
    """
    One service, exported from its cluster.

    Makes:
        one label on the Service.
    Source: https://linkerd.io/2-edge/tasks/multicluster/
    """

    mirror: str
    """Name of the mirror service on each source."""

    def __init__(
        self,
        name: str,
        args: ExportedServiceArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ExportedService", name, {}, opts)
        self.mirror = names.mirror_service(args.service, args.cluster.name)
        sources = None if args.sources is None else tuple(args.sources)
        kubernetes.core.v1.ServicePatch(
            name,
            metadata={
                "name": args.service,
                "namespace": args.namespace,
                "labels": {EXPORTED: names.export_label(sources)},
            },
            opts=pulumi.ResourceOptions(parent=self, provider=args.cluster.provider),
        )
        self.register_outputs({"mirror": self.mirror})
