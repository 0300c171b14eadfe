"""Routes of the Gateway API as Linkerd reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import names
from ...arguments import checked
from ...ports import LARGEST_PORT
from .retries import RouteKind as RouteKind
from .retries import RouteRetries as RouteRetries
from .retries import RouteTimeouts as RouteTimeouts
from .retries import route_annotations as route_annotations

# Source: Gateway API v1, HTTPRoute: backendRefs maxItems 16, weight maximum 1000000
BACKENDS_LIMIT = 16
WEIGHT_LIMIT = 1_000_000


def route_kind(kind: RouteKind | str) -> RouteKind:
    """Parse a kind: itself, its name, or Kubernetes' name of it."""
    if isinstance(kind, RouteKind):
        return kind
    for known in RouteKind:
        if kind in (known.name, known.value):
            return known
    if kind == "TrafficSplit":
        raise ValueError(
            "kind must be HTTP or GRPC (got 'TrafficSplit'). Linkerd no longer serves "
            "TrafficSplit: "
            "its SMI extension ended in 2024, and linkerd-failover with it. Use: WeightedRoute "
            "with kind=RouteKind.HTTP and the same weights; for failover a federated service"
        )
    raise ValueError(
        f"kind must be HTTP or GRPC (got {kind!r}). Linkerd splits requests of these two only. "
        "Use: RouteKind.HTTP"
    )


@checked
@dataclass(frozen=True, kw_only=True)
class RouteBackend:
    """
    A Service that answers a share of the calls.

    Example: `RouteBackend(service="yelb-appserver-east", port=4567, weight=50)`
    """

    service: str
    """Name of the Service: the service itself, or a mirror, `<service>-<cluster>`."""

    port: int
    """Its port."""

    weight: int
    """Its weight, from 0 to 1000000: its share is the weight divided by the sum of all."""

    def problems(self) -> list[str]:
        """List what is wrong with it."""
        found = []
        if not names.is_dns_label(self.service):
            found.append(
                f"backend must name a Service, a DNS label of at most {names.SERVICE_LIMIT} "
                f"characters (got {self.service!r}, {len(self.service)}). No such Service can "
                "exist. "
                'Use: names.mirror_service("yelb-appserver", "east")'
            )
        if not 1 <= self.port <= LARGEST_PORT:
            found.append(
                f"port of backend {self.service} must be between 1 and {LARGEST_PORT} (got "
                f"{self.port}). Linkerd needs a port. Use: port=8080"
            )
        if not 0 <= self.weight <= WEIGHT_LIMIT:
            found.append(
                f"weight of backend {self.service} must be a whole number from 0 to "
                f"{WEIGHT_LIMIT} (got {self.weight!r}). The Gateway API accepts no other. Use: "
                "weight=50"
            )
        return found

    def reference(self) -> dict[str, Any]:
        """Make the entry of `backendRefs`."""
        return {"name": self.service, "port": self.port, "weight": self.weight}


@checked
@dataclass(frozen=True, kw_only=True)
class RouteMatch:
    """
    Conditions on requests, all of which must hold.

    Example: `RouteMatch(path="/api", headers={"x-version": "2"})`
    """

    path: str | None = None
    """Prefix of the path, in whole segments, starting with `/`; HTTP only."""

    method: str | None = None
    """HTTP: the method, e.g. `GET`. gRPC: `package.Service` or `package.Service/Method`."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers and their exact values."""

    def problems(self, kind: RouteKind) -> list[str]:
        """List what is wrong with it."""
        if self.path is not None and kind is RouteKind.GRPC:
            return [
                f"match of a GRPCRoute must have no path (got {self.path!r}). gRPC calls are "
                "matched "
                'by method. Use: RouteMatch(method="yelb.Votes/Cast")'
            ]
        if self.path is not None and not self.path.startswith("/"):
            return [
                f"path of a match must start with / (got {self.path!r}). No request has another. "
                'Use: RouteMatch(path="/api")'
            ]
        if self.path is None and self.method is None and not self.headers:
            return [
                "match must have a path, a method or headers (got none). It would match every "
                "request. Use: matches=() for all of them"
            ]
        return []

    def value(self, kind: RouteKind) -> dict[str, Any]:
        """Make the entry of `matches`."""
        made: dict[str, Any] = {}
        if self.path is not None:
            made["path"] = {"type": "PathPrefix", "value": self.path}
        if self.method is not None:
            made["method"] = self.method if kind is RouteKind.HTTP else _grpc(self.method)
        if self.headers:
            made["headers"] = [
                {"type": "Exact", "name": name, "value": value}
                for name, value in sorted(self.headers.items())
            ]
        return made


def route_spec(
    *,
    kind: RouteKind,
    service: str,
    port: int,
    backends: Sequence[RouteBackend],
    matches: Sequence[RouteMatch] = (),
) -> dict[str, Any]:
    """Make the `spec` of a route that splits calls to one port of a Service."""
    rule: dict[str, Any] = {"backendRefs": [backend.reference() for backend in backends]}
    if matches:
        rule["matches"] = [match.value(kind) for match in matches]
    return {"parentRefs": [_parent(service, port)], "rules": [rule]}


def rest_spec(*, service: str, port: int) -> dict[str, Any]:
    """
    Make the `spec` of the route of the calls that no other route matches: to the service itself.

    Where a route exists and none matches, Linkerd answers 404. It is a route of its own, since
    annotations of a route, time-outs and retries, apply to all of its rules.
    Source: linkerd2, policy-controller/k8s/index/src/outbound/index/http.rs
    """
    backend = {"name": service, "port": port}
    return {"parentRefs": [_parent(service, port)], "rules": [{"backendRefs": [backend]}]}


def _parent(service: str, port: int) -> dict[str, Any]:
    return {"group": "core", "kind": "Service", "name": service, "port": port}


def _grpc(method: str) -> dict[str, str]:
    service, _, name = method.partition("/")
    return {"type": "Exact", "service": service, **({"method": name} if name else {})}
