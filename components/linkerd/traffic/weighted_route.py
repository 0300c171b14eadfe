"""
Weights between a service and its mirrors: which share of the calls each cluster answers.

A route of the Gateway API on the source; its parent is the service that callers name. It splits
requests, so it works for HTTP and gRPC and not for opaque ports (databases). It does not fail over:
the calls of a backend without endpoints fail at once. For failover use a federated service, or move
the weights step by step. Callers must be meshed.
Source: https://linkerd.io/2-edge/features/httproute/; linkerd2, policy-controller/k8s/index
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as kubernetes

from ... import names
from ...arguments import checked
from ...cluster import Cluster
from ...ports import LARGEST_PORT
from ..labels import ROUTE_API
from .backends import even_backends as even_backends
from .backends import fallback_backends as fallback_backends
from .backends import traffic_shift_steps as traffic_shift_steps
from .routes import (
    BACKENDS_LIMIT,
    WEIGHT_LIMIT,
    RouteBackend,
    RouteKind,
    RouteMatch,
    RouteRetries,
    RouteTimeouts,
    rest_spec,
    route_annotations,
    route_kind,
    route_spec,
)


@checked
@dataclass(frozen=True, kw_only=True)
class WeightedRouteArgs:
    """
    Arguments of `WeightedRoute`.

    All problems are reported together, as one `ValueError`.
    """

    cluster: Cluster
    """The cluster of the callers: the source, which has the mirror services."""

    namespace: str
    """Namespace of the service, of its mirrors and of the route."""

    service: str
    """Name of the Service that callers use; its pods answer only if it is a backend as well."""

    port: int
    """Port of that Service; calls to its other ports are not split."""

    backends: Sequence[RouteBackend]
    """
    The Services that answer, with weights.

    See `even_backends`, `fallback_backends` and `traffic_shift_steps`.
    """

    kind: RouteKind | str = RouteKind.HTTP
    """Protocol of the port: HTTP or gRPC."""

    matches: Sequence[RouteMatch] = ()
    """
    The requests that are split; empty: all.

    Other requests go to the service itself, without these time-outs and retries, by a second
    route. (Linkerd's default is to answer 404 where a route exists and none matches.)
    """

    timeouts: RouteTimeouts = field(default_factory=RouteTimeouts)
    """Time limits of calls; none by default."""

    retries: RouteRetries | None = None
    """Retries of failed calls; None: no retries."""

    route: str | None = None
    """Name of the route object; None: that of the service. The second route ends in `-rest`."""

    makes_service: bool = False
    """Whether to make the Service that callers use, without pods; False if it exists."""

    def __post_init__(self) -> None:
        problems = [*_problems(self), *_backend_problems(self.backends)]
        if problems:
            raise ValueError("\n".join(problems))


class WeightedRoute(pulumi.ComponentResource):
    """
    The split of a service's calls between it and its mirrors.

    Makes:
        one HTTPRoute or GRPCRoute on the source, with `matches` a second one for all other
        requests, and a Service without pods if asked.
    Needs:
        the CRDs of the Gateway API before Linkerd's control plane, which looks for them once.
    Example:
        WeightedRoute(
            "appserver",
            WeightedRouteArgs(
                cluster=west,
                namespace="yelb",
                service="yelb-appserver",
                port=4567,
                backends=even_backends("yelb-appserver", "east", port=4567),
            ),
        )
    Source: https://linkerd.io/2-edge/tasks/traffic-shifting/
    """

    weights: dict[str, int]
    """The weight of each backend, by the name of its Service."""

    def __init__(
        self,
        name: str,
        args: WeightedRouteArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:WeightedRoute", name, {}, opts)
        self.weights = {backend.service: backend.weight for backend in args.backends}
        before: list[pulumi.Resource] = [*_service(name, args, parent=self)]
        if args.matches:
            # The first: requests that match nothing must never be without a route.
            before.append(_rest(name, args, depends_on=before, parent=self))
        self.route = _route(name, args, depends_on=before, parent=self)
        self.register_outputs({"weights": self.weights})


def _service(
    name: str, args: WeightedRouteArgs, parent: pulumi.Resource
) -> list[kubernetes.core.v1.Service]:
    if not args.makes_service:
        return []
    service = kubernetes.core.v1.Service(
        f"{name}-service",
        metadata={"name": args.service, "namespace": args.namespace},
        spec={"type": "ClusterIP", "ports": [{"name": "http", "port": args.port}]},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )
    return [service]


def _rest(
    name: str,
    args: WeightedRouteArgs,
    depends_on: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        f"{name}-rest",
        api_version=ROUTE_API,
        kind=route_kind(args.kind).value,
        metadata={"name": f"{args.route or args.service}-rest", "namespace": args.namespace},
        spec=rest_spec(service=args.service, port=args.port),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=[*depends_on]
        ),
    )


def _route(
    name: str,
    args: WeightedRouteArgs,
    depends_on: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> kubernetes.apiextensions.CustomResource:
    kind = route_kind(args.kind)
    annotations = route_annotations(kind, args.timeouts, args.retries)
    return kubernetes.apiextensions.CustomResource(
        f"{name}-route",
        api_version=ROUTE_API,
        kind=kind.value,
        metadata={
            "name": args.route or args.service,
            "namespace": args.namespace,
            # The API server drops an empty map, and each `up` would add it again.
            **({"annotations": annotations} if annotations else {}),
        },
        spec=route_spec(
            kind=kind,
            service=args.service,
            port=args.port,
            backends=args.backends,
            matches=args.matches,
        ),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=[*depends_on]
        ),
    )


def _problems(args: WeightedRouteArgs) -> list[str]:
    problems = []
    for field_name, value in (("namespace", args.namespace), ("service", args.service)):
        if not names.is_dns_label(value):
            problems.append(
                f"{field_name} must be a DNS label (got {value!r}). Kubernetes accepts no other. "
                f'Use: {field_name}="yelb-appserver"'
            )
    if not 1 <= args.port <= LARGEST_PORT:
        problems.append(
            f"port must be between 1 and {LARGEST_PORT} (got {args.port}). It is the port of "
            f"{args.service} that callers name. Use: port=8080"
        )
    try:
        kind = route_kind(args.kind)
    except ValueError as error:
        return [*problems, str(error)]
    problems += [problem for match in args.matches for problem in match.problems(kind)]
    return [
        *problems,
        *args.timeouts.problems(),
        *(args.retries.problems(kind) if args.retries is not None else ()),
    ]


def _backend_problems(backends: Sequence[RouteBackend]) -> list[str]:
    if not 1 <= len(backends) <= BACKENDS_LIMIT:
        return [
            f"backends must be between 1 and {BACKENDS_LIMIT} (got {len(backends)}). The Gateway "
            "API takes no other number in one rule. Use: even_backends(...)"
        ]
    problems = [problem for backend in backends for problem in backend.problems()]
    seen = [backend.service for backend in backends]
    problems += [
        f"backends must name each Service once (got {service} {seen.count(service)} times). Its "
        "two weights would be added silently. Use: one weight for each"
        for service in sorted(set(seen))
        if seen.count(service) > 1
    ]
    if not problems and sum(backend.weight for backend in backends) == 0:
        problems.append(
            "weights of backends must add up to more than 0 (got 0). Every call would fail. "
            f"Use: a weight from 1 to {WEIGHT_LIMIT} for one of them"
        )
    return problems
