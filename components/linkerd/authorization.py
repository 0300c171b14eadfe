"""
Who may call a service: a policy that knows how the calls of other clusters arrive.

Through a gateway they arrive under the gateway's own name: it ends the caller's mTLS and begins its
own. So in gateway mode the policy of a service can let in all linked callers or none, never one of
them; pod to pod (flat, federated) each caller keeps its name, with the trust domain of its cluster.
Trap: once a port has a policy, whoever is not listed is refused, callers of the own cluster too.
Source: https://linkerd.io/2-edge/reference/authorization-policy/; linkerd2-proxy,
linkerd/app/gateway; linkerd2, issues 9848 and 7235
"""

import functools
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .. import names
from ..cluster import Cluster
from .clients import Client, client_problems, identities
from .mode import Mode
from .routes import PORT_LIMIT

# Source: linkerd2, charts/linkerd-crds/templates/policy: the versions that are stored
GROUP = "policy.linkerd.io"
SERVER_VERSION = f"{GROUP}/v1beta3"
POLICY_VERSION = f"{GROUP}/v1alpha1"
POLICY = "AuthorizationPolicy"

# Source: linkerd2, policy-controller/k8s/api/src/policy/server.rs, ProxyProtocol
PROTOCOLS = ("unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS")

# Source: Kubernetes, IANA_SVC_NAME
_PORT_NAME = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class ServiceAuthorizationArgs:
    """Which port, and who may call it."""

    cluster: Cluster
    """The cluster that the service runs on: the target."""

    namespace: str
    """Namespace of the service, and of the policy."""

    service: str
    """Name of the service; the policy's objects are called after it."""

    pod_labels: Mapping[str, str]
    """Labels of the service's pods; as its selector has them."""

    port: int | str
    """The port of the pods, a number or a name: the Service's `targetPort`, not its `port`."""

    mode: Mode = Mode.GATEWAY
    """How the calls of other clusters arrive."""

    clients: Sequence[Client] = ()
    """Who may call, by name."""

    from_gateway: bool = False
    """Whether whoever calls through this cluster's gateway may: all linked clusters' pods."""

    probe_networks: Sequence[str] = ()
    """
    CIDR blocks from which calls without an identity are let in, e.g. health checks.

    The kubelet's probes need none: Linkerd lets in the paths that the pods name as probes.
    """

    protocol: str = "unknown"
    """What is spoken on the port: one of `PROTOCOLS`; `unknown` means that Linkerd looks."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities of this cluster, its gateway's included."""

    def __post_init__(self) -> None:
        problems = [*_problems(self), *_client_problems(self), *_network_problems(self)]
        if problems:
            raise ValueError("\n".join(problems))


def policy_name(service: str, port: int | str) -> str:
    """Name the policy of one port of a service."""
    return f"{service}-{port}"


def server_spec(pod_labels: Mapping[str, str], port: int | str, protocol: str) -> dict[str, Any]:
    """Make the `spec` of a Server: one port of some pods, closed to all who are not let in."""
    return {
        "podSelector": {"matchLabels": dict(pod_labels)},
        "port": port,
        "proxyProtocol": protocol,
        "accessPolicy": "deny",
    }


def policy_spec(server: str, kind: str, authentication: str) -> dict[str, Any]:
    """
    Make the `spec` of an AuthorizationPolicy with one condition.

    Conditions of one policy must all hold; policies of one Server stand beside one another.
    """
    return {
        "targetRef": {"group": GROUP, "kind": "Server", "name": server},
        "requiredAuthenticationRefs": [{"group": GROUP, "kind": kind, "name": authentication}],
    }


class ServiceAuthorization(pulumi.ComponentResource):
    """
    The policy of one port of a service.

    Makes:
        for clients an AuthorizationPolicy and its MeshTLSAuthentication; for networks an
        AuthorizationPolicy and its NetworkAuthentication; then a Server, which closes the port.
    Needs: no other Server that selects the same pods and port, which Linkerd's webhook refuses.
    Source: https://linkerd.io/2-edge/reference/authorization-policy/
    """

    identities: list[str]
    """The names that are let in."""

    def __init__(
        self,
        name: str,
        args: ServiceAuthorizationArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ServiceAuthorization", name, {}, opts)
        self.identities = identities(
            args.clients, from_gateway=args.from_gateway, trust_domain=args.trust_domain
        )
        make = functools.partial(_object, args=args, parent=self)
        own = policy_name(args.service, args.port)
        policies = _client_policy(make, name, own, self.identities)
        policies += _probe_policy(make, name, own, args.probe_networks)
        # The Server comes last, and goes first: between them nobody may be shut out.
        spec = server_spec(args.pod_labels, args.port, args.protocol)
        make(f"{name}-server", SERVER_VERSION, "Server", own, spec, after=policies)
        self.register_outputs({"identities": self.identities})


def _client_policy(
    make: Callable[..., pulumi.Resource], name: str, own: str, let_in: Sequence[str]
) -> list[pulumi.Resource]:
    if not let_in:
        return []
    kind = "MeshTLSAuthentication"
    spec = policy_spec(own, kind, f"{own}-clients")
    known = {"identities": list(let_in)}
    return [
        make(f"{name}-clients", POLICY_VERSION, kind, f"{own}-clients", known),
        make(f"{name}-clients-policy", POLICY_VERSION, POLICY, f"{own}-clients", spec),
    ]


def _probe_policy(
    make: Callable[..., pulumi.Resource], name: str, own: str, networks: Sequence[str]
) -> list[pulumi.Resource]:
    if not networks:
        return []
    kind = "NetworkAuthentication"
    spec = policy_spec(own, kind, f"{own}-probes")
    known = {"networks": [{"cidr": cidr} for cidr in networks]}
    return [
        make(f"{name}-probes", POLICY_VERSION, kind, f"{own}-probes", known),
        make(f"{name}-probes-policy", POLICY_VERSION, POLICY, f"{own}-probes", spec),
    ]


def _object(
    name: str,
    version: str,
    kind: str,
    own: str,
    spec: Mapping[str, Any],
    *,
    args: ServiceAuthorizationArgs,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource] = (),
) -> kubernetes.apiextensions.CustomResource:
    return kubernetes.apiextensions.CustomResource(
        name,
        api_version=version,
        kind=kind,
        metadata={"name": own, "namespace": args.namespace},
        spec=dict(spec),
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=list(after)
        ),
    )


def _problems(args: ServiceAuthorizationArgs) -> list[str]:
    problems = [
        f"{name} must be a DNS label (got {value!r}). The policy's objects are called after it. "
        f'Use: {name}="yelb-appserver"'
        for name, value in (("namespace", args.namespace), ("service", args.service))
        if not names.is_dns_label(value)
    ]
    if isinstance(args.port, int):
        if not 1 <= args.port <= PORT_LIMIT:
            problems.append(
                f"port of {args.service} must be between 1 and {PORT_LIMIT} (got {args.port}). No "
                "pod listens on another. Use: port=8080"
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
            f"policy of {args.service} must let somebody in (got nobody). Every call would be "
            "refused. Use: clients=[Client(...)] or from_gateway=True"
        )
    if args.from_gateway and args.mode is Mode.FLAT:
        problems.append(
            f"from_gateway of {args.service} must be False in flat mode (got True). Calls arrive "
            "pod to pod there, so it would only open the port further. Use: clients=[Client(...)]"
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
            network = ipaddress.ip_network(cidr)
        except ValueError:
            problems.append(
                f"probe network of {args.service} must be a CIDR block (got {cidr!r}). Linkerd "
                "would refuse the policy. Use: 10.10.0.0/16"
            )
            continue
        if network.prefixlen == 0:
            problems.append(
                f"probe network of {args.service} must be smaller than everything (got {cidr}). "
                "Every caller would be let in without a name. Use: the nodes' block, 10.10.0.0/16"
            )
    return problems
