"""What a program reads of a `Mesh`: its clusters, and the services that a cluster may call."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from ..cluster import Cluster
from ..environment import ExportPlan, LinkMode, Plan
from ..linkerd.installation.multicluster import LinkerdMulticluster


@dataclass(frozen=True, kw_only=True)
class MeshCluster:
    """A cluster of a `Mesh`, with Linkerd on it; it has the properties of `Cluster`."""

    cluster: Cluster
    """The cluster: an `EksCluster`, a `KindCluster`, an `ExistingCluster`, or a member's own."""

    multicluster: LinkerdMulticluster
    """Linkerd's multicluster extension on it."""

    depends_on: Sequence[pulumi.Resource]
    """What pods on it need first: Linkerd's control plane, and the meshed namespaces."""

    @property
    def name(self) -> str:
        """Its short name in the mesh."""
        return self.cluster.name

    @property
    def provider(self) -> kubernetes.Provider:
        """Provider of the resources on it; for pods use `opts`, which also wait for Linkerd."""
        return self.cluster.provider

    @property
    def api_server(self) -> pulumi.Output[str]:
        """URL of the API server."""
        return self.cluster.api_server

    @property
    def certificate_authority_data(self) -> pulumi.Output[str]:
        """CA certificates of the API server: PEM in base64; maybe empty."""
        return self.cluster.certificate_authority_data

    @property
    def kubeconfig(self) -> pulumi.Output[str]:
        """Administrator's kubeconfig, a secret."""
        return pulumi.Output.secret(self.cluster.kubeconfig)

    @property
    def opts(self) -> pulumi.ResourceOptions:
        """Options of a resource on it, which then waits for Linkerd and the meshed namespaces."""
        return pulumi.ResourceOptions(provider=self.provider, depends_on=[*self.depends_on])


def called_export(
    plan: Plan,
    service: str,
    *,
    namespace: str,
    on: str,
    of: str | None = None,
    mode: LinkMode | None = None,
) -> int:
    """
    Find the export by which a cluster calls a service; its place among the exports of the plan.

    Raises: ValueError if the cluster may not call it, or if several clusters would answer.
    """
    places = [
        place
        for place, export in enumerate(plan.exports)
        if (export.described.service, export.described.namespace) == (service, namespace)
    ]
    found = [
        place
        for place in places
        if on in plan.exports[place].callers
        and of in (None, plan.exports[place].described.of)
        and mode in (None, plan.exports[place].described.mode)
    ]
    # Members of a federated service have one name.
    if len({plan.exports[place].described.mirror for place in found}) == 1:
        return found[0]
    if found:
        raise ValueError(_ambiguous(service, namespace, on, [plan.exports[one] for one in found]))
    callers = dict.fromkeys(name for place in places for name in plan.exports[place].callers)
    raise ValueError(
        f"service {namespace}/{service}{f' of {of!r}' if of else ''} must be exported to {on!r} "
        f"(it is exported to {', '.join(callers) or 'no cluster'}). No name there leads to it. Use "
        f'a link from {on!r}, and: Export("{service}", namespace="{namespace}", of=...)'
    )


def _ambiguous(service: str, namespace: str, on: str, exports: Sequence[ExportPlan]) -> str:
    """Return that a service has several names on a caller, and how to choose one."""
    owners = [*dict.fromkeys(export.described.of for export in exports)]
    if len(owners) == 1:
        return (
            f"service {namespace}/{service} of {owners[0]!r} must be called in one mode (it is "
            f"exported in {len(exports)}). Each has a name of its own on {on!r}. Use: "
            "mode=LinkMode.FEDERATED"
        )
    return (
        f"service {namespace}/{service} must be of one cluster (got {', '.join(owners)}). Each "
        f'has a name of its own on {on!r}. Use: of="{owners[0]}"'
    )
