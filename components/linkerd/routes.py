"""
Routes of the Gateway API as Linkerd reads them: backends, matches, timeouts and retries; pure.

Timeouts and retries are annotations of the route, which Linkerd's policy controller parses; one
that it cannot parse fails the conversion of the whole route, told in its own log only. So they are
typed.
Source: linkerd2, policy-controller/k8s/index/src/outbound (parse_timeouts, parse_http_retry,
parse_grpc_retry, parse_duration)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from .. import names

# Source: Gateway API v1, HTTPRoute: backendRefs maxItems 16, weight maximum 1000000
BACKENDS_LIMIT = 16
WEIGHT_LIMIT = 1_000_000
PORT_LIMIT = 65_535

# Source: linkerd2, policy-controller: the limit is read as u16
RETRY_LIMIT = 65_535

_HTTP_CONDITION = re.compile(r"5xx|gateway-error|[1-5]\d\d(-[1-5]\d\d)?")
_GRPC_CONDITIONS = (
    "cancelled",
    "deadline-exceeded",
    "internal",
    "resource-exhausted",
    "unavailable",
)


class RouteKind(Enum):
    """What is spoken, and so which route it is."""

    HTTP = "HTTPRoute"
    GRPC = "GRPCRoute"


def route_kind(kind: RouteKind | str) -> RouteKind:
    """Read a kind, given as such, by its name or as Kubernetes calls it."""
    if isinstance(kind, RouteKind):
        return kind
    for known in RouteKind:
        if kind in (known.name, known.value):
            return known
    if kind == "TrafficSplit":
        raise ValueError(
            "kind must be HTTP or GRPC (got 'TrafficSplit'). Linkerd serves TrafficSplit no more: "
            "its SMI extension ended in 2024, and linkerd-failover with it. Use: WeightedRoute "
            "with kind=RouteKind.HTTP and the same weights; for failover a federated service"
        )
    raise ValueError(
        f"kind must be HTTP or GRPC (got {kind!r}). Linkerd splits requests of these two only. "
        "Use: RouteKind.HTTP"
    )


@dataclass(frozen=True, kw_only=True)
class Backend:
    """One Service that answers a share of the calls."""

    service: str
    """Name of the Service: the service itself, or a mirror (`names.mirror_service`)."""

    port: int
    """Its port."""

    weight: int
    """Its share is this weight through the sum of all; 0 keeps it ready without calls."""

    def problems(self) -> list[str]:
        """List what cannot be."""
        found = []
        if not names.is_dns_label(self.service):
            found.append(
                f"backend must name a Service, a DNS label of at most {names.SERVICE_LIMIT} "
                f"characters (got {self.service!r}, {len(self.service)}). No such Service can be. "
                'Use: names.mirror_service("yelb-appserver", "east")'
            )
        if not 1 <= self.port <= PORT_LIMIT:
            found.append(
                f"port of backend {self.service} must be between 1 and {PORT_LIMIT} (got "
                f"{self.port}). Linkerd takes no Service without one. Use: port=8080"
            )
        is_count = isinstance(self.weight, int) and not isinstance(self.weight, bool)
        if not is_count or not 0 <= self.weight <= WEIGHT_LIMIT:
            found.append(
                f"weight of backend {self.service} must be a whole number from 0 to "
                f"{WEIGHT_LIMIT} (got {self.weight!r}). The Gateway API takes no other. Use: "
                "weight=50"
            )
        return found

    def reference(self) -> dict[str, Any]:
        """Make the entry of `backendRefs`."""
        return {"name": self.service, "port": self.port, "weight": self.weight}


@dataclass(frozen=True, kw_only=True)
class Match:
    """Requests of one shape; all that is said must hold."""

    path: str | None = None
    """Prefix of the path, whole segments (HTTP)."""

    method: str | None = None
    """HTTP: the method, e.g. `GET`. gRPC: `package.Service` or `package.Service/Method`."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers and their exact values."""

    def problems(self, kind: RouteKind) -> list[str]:
        """List what cannot be."""
        if self.path is not None and kind is RouteKind.GRPC:
            return [
                f"match of a GRPCRoute must have no path (got {self.path!r}). gRPC calls are told "
                'apart by method. Use: Match(method="yelb.Votes/Cast")'
            ]
        if self.path is not None and not self.path.startswith("/"):
            return [
                f"path of a match must start with / (got {self.path!r}). No request has another. "
                'Use: Match(path="/api")'
            ]
        if self.path is None and self.method is None and not self.headers:
            return [
                "match must say a path, a method or headers (got none). It would match every "
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


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """How long a call may take."""

    request: timedelta | None = None
    """The whole call: from the request's first byte to the response's last, retries included."""

    response: timedelta | None = None
    """The response of a backend, in each try."""

    idle: timedelta | None = None
    """Without a byte in either direction."""

    def problems(self) -> list[str]:
        """List what cannot be."""
        given = {"request": self.request, "response": self.response, "idle": self.idle}
        return [
            problem
            for name, value in given.items()
            for problem in _duration_problems(f"{name} timeout", value)
        ]

    def annotations(self) -> dict[str, str]:
        """Make the annotations."""
        given = {"request": self.request, "response": self.response, "idle": self.idle}
        return {
            f"timeout.linkerd.io/{name}": _text(value)
            for name, value in given.items()
            if value is not None
        }


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How a failed call is tried again; only for calls that may be made twice."""

    limit: int = 1
    """How often at most."""

    timeout: timedelta | None = None
    """After how long a try counts as failed."""

    conditions: Sequence[str] = ()
    """
    What counts as failed.

    HTTP: `5xx`, `gateway-error`, a status or a range of them. gRPC: `cancelled`,
    `deadline-exceeded`, `internal`, `resource-exhausted`, `unavailable`. None means Linkerd's own.
    """

    def problems(self, kind: RouteKind) -> list[str]:
        """List what cannot be."""
        found = _duration_problems("retry timeout", self.timeout)
        if not 1 <= self.limit <= RETRY_LIMIT:
            found.append(
                f"retry limit must be between 1 and {RETRY_LIMIT} (got {self.limit}). Linkerd "
                "takes 0 as not said. Use: retries=None for none"
            )
        wrong = [one for one in self.conditions if not _is_condition(kind, one)]
        if wrong:
            example = "5xx" if kind is RouteKind.HTTP else "unavailable"
            found.append(
                f"retry conditions of a {kind.value} must be ones that Linkerd knows (got "
                f"{', '.join(wrong)}). It would drop the retries of the whole route. Use: "
                f'conditions=["{example}"]'
            )
        return found

    def annotations(self, kind: RouteKind) -> dict[str, str]:
        """Make the annotations."""
        protocol = "http" if kind is RouteKind.HTTP else "grpc"
        made = {"retry.linkerd.io/limit": str(self.limit)}
        if self.timeout is not None:
            made["retry.linkerd.io/timeout"] = _text(self.timeout)
        if self.conditions:
            made[f"retry.linkerd.io/{protocol}"] = ",".join(self.conditions)
        return made


def route_annotations(
    kind: RouteKind, timeouts: Timeouts, retries: Retries | None
) -> dict[str, str]:
    """Make the annotations of a route that set timeouts and retries."""
    return {**timeouts.annotations(), **(retries.annotations(kind) if retries else {})}


def route_spec(
    *,
    kind: RouteKind,
    service: str,
    port: int,
    backends: Sequence[Backend],
    matches: Sequence[Match] = (),
) -> dict[str, Any]:
    """Make the `spec` of a route that splits calls to one port of a Service."""
    rule: dict[str, Any] = {"backendRefs": [backend.reference() for backend in backends]}
    rules = [rule]
    if matches:
        rule["matches"] = [match.value(kind) for match in matches]
        # Where a route exists and none matches, Linkerd answers 404; so the rest is said too.
        rules.append({"backendRefs": [{"name": service, "port": port}]})
    parent = {"group": "core", "kind": "Service", "name": service, "port": port}
    return {"parentRefs": [parent], "rules": rules}


def _grpc(method: str) -> dict[str, str]:
    service, _, name = method.partition("/")
    return {"type": "Exact", "service": service, **({"method": name} if name else {})}


def _is_condition(kind: RouteKind, condition: str) -> bool:
    if kind is RouteKind.GRPC:
        return condition in _GRPC_CONDITIONS
    if _HTTP_CONDITION.fullmatch(condition) is None:
        return False
    first, _, last = condition.partition("-")
    return not last.isdigit() or int(first) <= int(last)


def _duration_problems(name: str, value: timedelta | None) -> list[str]:
    if value is None or (value > timedelta(0) and not value.microseconds % 1000):
        return []
    return [
        f"{name} must be a positive whole number of milliseconds (got {value}). Linkerd reads no "
        "fractions, and 0 as not said. Use: timedelta(milliseconds=500)"
    ]


def _text(value: timedelta) -> str:
    return f"{value // timedelta(milliseconds=1)}ms"
