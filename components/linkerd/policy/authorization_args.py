"""Arguments of `ServiceAuthorization` and their validation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ... import names
from ...arguments import checked
from ...cidr_blocks import cidr_block
from ...cluster import Cluster
from ...ports import LARGEST_PORT
from ..identities import TRUST_DOMAIN
from ..mode import LinkMode
from .clients import MeshClient, client_problems

# Source: linkerd2, policy-controller/k8s/api/src/policy/server.rs, ProxyProtocol
PROTOCOLS = ("unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS")

# Source: Kubernetes, IANA_SVC_NAME
_PORT_NAME = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


@checked
@dataclass(frozen=True, kw_only=True)
class ServiceAuthorizationArgs:
    """
    Arguments of `ServiceAuthorization`.

    All problems are reported together, as one `ValueError`.
    """

    cluster: Cluster
    """The cluster of the service: the target."""

    namespace: str
    """Namespace of the service, and of the policy."""

    service: str
    """Name of the service, which the names of the policy's objects contain."""

    pod_labels: Mapping[str, str]
    """Labels of the service's pods, as in its selector."""

    port: int | str
    """The port of the pods, a number or a name: the Service's `targetPort`, not its `port`."""

    mode: LinkMode = LinkMode.GATEWAY
    """The mode in which calls of other clusters arrive."""

    clients: Sequence[MeshClient] = ()
    """Service accounts whose pods may call."""

    from_gateway: bool = False
    """Whether calls through this cluster's gateway are allowed: those of all linked clusters."""

    probe_networks: Sequence[str] = ()
    """
    CIDR blocks from which calls without an identity are allowed, e.g. health checks.

    The kubelet's probes need none: Linkerd allows the probe paths of the pods.
    """

    protocol: str = "unknown"
    """
    Protocol of the port: `HTTP/1`, `HTTP/2`, `gRPC`, `opaque`, `TLS` or `unknown`.

    `unknown`, the default: Linkerd detects it.
    """

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the identities of this cluster, with that of its gateway."""

    def __post_init__(self) -> None:
        problems = [*_problems(self), *_client_problems(self), *_network_problems(self)]
        if problems:
            raise ValueError("\n".join(problems))


def _problems(args: ServiceAuthorizationArgs) -> list[str]:
    problems = [
        f"{name} must be a DNS label (got {value!r}). The policy's objects are called after it. "
        f'Use: {name}="yelb-appserver"'
        for name, value in (("namespace", args.namespace), ("service", args.service))
        if not names.is_dns_label(value)
    ]
    if isinstance(args.port, int):
        if not 1 <= args.port <= LARGEST_PORT:
            problems.append(
                f"port of {args.service} must be between 1 and {LARGEST_PORT} (got {args.port}). "
                "No pod listens on another. Use: port=8080"
            )
    elif _PORT_NAME.fullmatch(args.port) is None:
        problems.append(
            f"port of {args.service} must be a number or the name of a pod's port, at most 15 of "
            f"a-z, 0-9 and - (got {args.port!r}). No pod has another. Use: port=8080"
        )
    if not args.pod_labels:
        problems.append(
            f"pod_labels of {args.service} must name labels (got none). The policy would close "
            'the port of every pod in the namespace. Use: {"app": "yelb-appserver"}'
        )
    if args.protocol not in PROTOCOLS:
        problems.append(
            f"protocol of {args.service} must be one of {', '.join(PROTOCOLS)} (got "
            f"{args.protocol!r}). Linkerd knows no other. Use: unknown"
        )
    if not (args.clients or args.from_gateway or args.probe_networks):
        problems.append(
            f"policy of {args.service} must allow at least one caller (got none). Every call "
            "would be rejected. Use: clients=[MeshClient(...)] or from_gateway=True"
        )
    if args.from_gateway and args.mode is LinkMode.FLAT:
        problems.append(
            f"from_gateway of {args.service} must be False in flat mode (got True). Calls arrive "
            "pod to pod there, so it would open the port further. Use: clients=[MeshClient(...)]"
        )
    return problems


def _client_problems(args: ServiceAuthorizationArgs) -> list[str]:
    return client_problems(
        args.clients,
        service=args.service,
        cluster=args.cluster.name,
        trust_domain=args.trust_domain,
        mode=args.mode,
    )


def _network_problems(args: ServiceAuthorizationArgs) -> list[str]:
    problems = []
    for cidr in args.probe_networks:
        try:
            network = cidr_block(cidr)
        except ValueError:
            problems.append(
                f"probe network of {args.service} must be a CIDR block (got {cidr!r}). Linkerd "
                "would refuse the policy. Use: 10.10.0.0/16"
            )
            continue
        if network.prefixlen == 0:
            problems.append(
                f"probe network of {args.service} must be smaller than everything (got {cidr}). "
                "Every caller would be allowed without an identity. Use: the nodes' block, "
                "10.10.0.0/16"
            )
    return problems
