"""Backends for common cases: half and half, a fallback, and a switch in steps."""

import itertools
from collections.abc import Sequence

from ... import names
from .routes import RouteBackend


def even_backends(service: str, target: str, *, port: int) -> tuple[RouteBackend, RouteBackend]:
    """Return two backends with half of the calls each: a service and its mirror of one target."""
    mirror = names.mirror_service(service, target)
    return (
        RouteBackend(service=service, port=port, weight=50),
        RouteBackend(service=mirror, port=port, weight=50),
    )


def fallback_backends(
    service: str, target: str, *, port: int, over: bool = False
) -> tuple[RouteBackend, RouteBackend]:
    """
    Send all calls to the local service, or, with `over`, to its mirror of one target.

    An operator must set `over`: Linkerd's routes do not look whether pods exist, and the extension
    that did (linkerd-failover) needs TrafficSplit, which Linkerd no longer serves.
    Where pods can be routed to, a federated service fails over by itself.
    Source: https://linkerd.io/2-edge/tasks/automatic-failover/; linkerd2, issue 11493
    """
    mirror = names.mirror_service(service, target)
    return (
        RouteBackend(service=service, port=port, weight=0 if over else 100),
        RouteBackend(service=mirror, port=port, weight=100 if over else 0),
    )


def traffic_shift_steps(
    frm: str, to: str, *, port: int, steps: Sequence[int] = (0, 10, 50, 100)
) -> list[tuple[RouteBackend, RouteBackend]]:
    """
    Make the backends of each step that moves calls from one service to another, in percent.

    Blue-green between clusters: `frm` and `to` are two mirrors, or a service and its mirror. Each
    step is one `up`; to go back, take the steps in reverse.
    """
    rising = all(low < high for low, high in itertools.pairwise(steps))
    if not steps or not rising or steps[0] < 0 or steps[-1] > 100:
        raise ValueError(
            f"steps must be rising percentages from 0 to 100 (got {tuple(steps)}). Each is the "
            f"share of {to} after one `up`. Use: (0, 10, 50, 100)"
        )
    if frm == to:
        raise ValueError(
            f"switch must lead from one service to another (got {frm} for both). Nothing would "
            f'move. Use: traffic_shift_steps("{frm}", "{frm}-<cluster>", port=...)'
        )
    return [
        (
            RouteBackend(service=frm, port=port, weight=100 - share),
            RouteBackend(service=to, port=port, weight=share),
        )
        for share in steps
    ]
