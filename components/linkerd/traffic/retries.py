"""
Timeouts and retries of routes, as annotations.

Linkerd's policy controller parses them. One that it cannot parse disables the whole route, and only
its log shows it. So they are typed.
Source: linkerd2, policy-controller/k8s/index/src/outbound (parse_timeouts, parse_http_retry,
parse_grpc_retry, parse_duration)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from ...arguments import checked

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
    """The protocol of a service whose calls are split, and so the kind of its route."""

    HTTP = "HTTPRoute"
    """HTTP/1 or HTTP/2."""

    GRPC = "GRPCRoute"
    """gRPC, which matches and retries by its own methods and status codes."""


@checked
@dataclass(frozen=True, kw_only=True)
class RouteTimeouts:
    """Time limits of calls; positive whole milliseconds. None: no limit."""

    request: timedelta | None = None
    """For the whole call: from the request's first byte to the response's last, with retries."""

    response: timedelta | None = None
    """For the response of a backend, in each try."""

    idle: timedelta | None = None
    """For a pause without a byte in either direction."""

    def problems(self) -> list[str]:
        """List what is wrong with it."""
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


@checked
@dataclass(frozen=True, kw_only=True)
class RouteRetries:
    """Retries of failed calls; only for calls that may be repeated."""

    limit: int = 1
    """Maximum number of retries, from 1 to 65535."""

    timeout: timedelta | None = None
    """Time after which a try has failed; positive whole milliseconds. None: no limit."""

    conditions: Sequence[str] = ()
    """
    Responses that have failed.

    HTTP: `5xx`, `gateway-error`, a status or a range of them. gRPC: `cancelled`,
    `deadline-exceeded`, `internal`, `resource-exhausted`, `unavailable`. Empty: Linkerd's own.
    """

    def problems(self, kind: RouteKind) -> list[str]:
        """List what is wrong with it."""
        found = _duration_problems("retry timeout", self.timeout)
        if not 1 <= self.limit <= RETRY_LIMIT:
            found.append(
                f"retry limit must be between 1 and {RETRY_LIMIT} (got {self.limit}). Linkerd "
                "ignores 0. Use: retries=None for none"
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
    kind: RouteKind, timeouts: RouteTimeouts, retries: RouteRetries | None
) -> dict[str, str]:
    """Make the annotations of a route that set timeouts and retries."""
    return {**timeouts.annotations(), **(retries.annotations(kind) if retries else {})}


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
        "fractions and ignores 0. Use: timedelta(milliseconds=500)"
    ]


def _text(value: timedelta) -> str:
    return f"{value // timedelta(milliseconds=1)}ms"
