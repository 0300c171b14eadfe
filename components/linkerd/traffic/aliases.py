"""
The old name of a service that has moved: calls to it go to its mirror.

A route sends calls of the plain name's Service to the mirror, so callers need no change. Its
limits:

- Only meshed callers are routed. Others get no answer, or that of the Service's pods here.
- HTTP and gRPC are routed as such; anything else needs `AliasProtocol.TCP`. Of several kinds of
  route at one port Linkerd reads gRPC's first, then HTTP's, and TCP's last.
- The route is in the Service's namespace and applies to all callers on this cluster.
- Names without an IP address, those of a StatefulSet's pods, are not routed.
- Calls of a mirror without endpoints fail at once; they do not go to local pods. For that, use
  weights.
- Another protocol is a route of another kind, and Pulumi makes it before it deletes the old one. Of
  the two Linkerd reads gRPC's first, then HTTP's, so there is always a route. It looks for
  conflicts every 10 s; until then the new route's status may say `RouteReasonConflicted`.
  Source: linkerd2, policy-controller/k8s/status/src/index.rs (parent_has_conflicting_routes)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...arguments import checked
from ...cluster import Cluster
from ...ports import LARGEST_PORT
from ..labels import OPAQUE_PORTS
from .protocol import AliasProtocol as AliasProtocol


@checked
@dataclass(frozen=True, kw_only=True)
class ServiceAliasArgs:
    """Arguments of `ServiceAlias`."""

    cluster: Cluster
    """The cluster of the callers: the source. It has the CRDs of the Gateway API."""

    service: str
    """Name of the Service that callers use, one DNS label."""

    namespace: str
    """Its namespace, and that of the mirror."""

    port: int
    """The port that callers use, and that of the mirror."""

    mirror: str
    """Name of the Service that answers: `ExportedService.mirror`."""

    protocol: AliasProtocol = AliasProtocol.HTTP
    """Protocol of the callers."""

    makes_service: bool = True
    """
    Whether to make the Service, without pods; False if it exists.

    An existing Service still selects its pods, but meshed callers no longer reach them.
    """

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise ValueError("\n".join(problems))

    def _problems(self) -> Iterator[str]:
        subject = f"alias {self.namespace}/{self.service}"
        if not names.is_dns_label(self.service):
            yield f"{subject} must have a DNS label as its name (got {self.service!r})."
        if self.mirror == self.service:
            yield (
                f"{subject} must lead to another Service (got {self.mirror!r}). The alias "
                "would have no effect. Use: mirror=exported.mirror"
            )
        if not 1 <= self.port <= LARGEST_PORT:
            yield f"port of {subject} must be between 1 and {LARGEST_PORT} (got {self.port})."


def alias_service_spec(port: int) -> dict[str, Any]:
    """Make the spec of a Service that has an address and no pods."""
    return {"type": "ClusterIP", "ports": [{"name": "alias", "port": port, "protocol": "TCP"}]}


def alias_route_spec(service: str, mirror: str, port: int) -> dict[str, Any]:
    """
    Make the spec of the route from a Service to a mirror.

    Source: linkerd2, policy-controller/k8s/index/src/outbound/index.rs (parents of group core)
    """
    return {
        "parentRefs": [{"group": "core", "kind": "Service", "name": service, "port": port}],
        "rules": [{"backendRefs": [{"name": mirror, "port": port}]}],
    }


class ServiceAlias(pulumi.ComponentResource):
    """
    A Service name whose calls go to a mirror service.

    Makes:
        a Service without pods, unless it exists, and a route.
    Example:
        ServiceAlias(
            "db",
            ServiceAliasArgs(
                cluster=west,
                service="yelb-db",
                namespace="yelb",
                port=5432,
                mirror=exported.mirror,
                protocol=AliasProtocol.TCP,
            ),
        )
    Source: https://linkerd.io/2-edge/reference/httproute/
    """

    def __init__(
        self,
        name: str,
        args: ServiceAliasArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ServiceAlias", name, {}, opts)
        service = _service(name, args, parent=self)
        _route(name, args, depends_on=service, parent=self)
        self.register_outputs({})


def _service(
    name: str, args: ServiceAliasArgs, parent: pulumi.Resource
) -> list[kubernetes.core.v1.Service]:
    if not args.makes_service:
        return []
    # Else Linkerd would wait for the first bytes of a caller that waits for the server.
    opaque = {OPAQUE_PORTS: str(args.port)} if args.protocol is AliasProtocol.TCP else None
    service = kubernetes.core.v1.Service(
        f"{name}-service",
        metadata={"name": args.service, "namespace": args.namespace, "annotations": opaque},
        spec=alias_service_spec(args.port),
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )
    return [service]


def _route(
    name: str,
    args: ServiceAliasArgs,
    depends_on: list[kubernetes.core.v1.Service],
    parent: pulumi.Resource,
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        f"{name}-route",
        api_version=args.protocol.api_version,
        kind=args.protocol.kind,
        metadata={"name": f"{args.service}-alias", "namespace": args.namespace},
        spec=alias_route_spec(args.service, args.mirror, args.port),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=depends_on
        ),
    )
