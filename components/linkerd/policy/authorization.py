"""
The policy that says who may call a service, from its own cluster and from linked ones.

Through a gateway, calls arrive with the gateway's identity: it terminates the caller's mTLS and
starts its own. So in gateway mode the policy of a service can allow all linked callers or none. Pod
to pod (flat, federated) each caller has its own identity, with the trust domain of its cluster.
Trap: once a port has a policy, callers that are not listed are rejected, those of the same cluster
too.
Source: https://linkerd.io/2-edge/reference/authorization-policy/; linkerd2-proxy,
linkerd/app/gateway; linkerd2, issues 9848 and 7235
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .authorization_args import PROTOCOLS as PROTOCOLS
from .authorization_args import ServiceAuthorizationArgs as ServiceAuthorizationArgs
from .clients import identities
from .policy_objects import POLICY, POLICY_API, SERVER_API, policy_spec, server_spec


def policy_name(service: str, port: int | str) -> str:
    """Name the policy of one port of a service."""
    return f"{service}-{port}"


class ServiceAuthorization(pulumi.ComponentResource):
    """
    The policy of one port of a service.

    Makes:
        for clients an AuthorizationPolicy and its MeshTLSAuthentication; for networks an
        AuthorizationPolicy and its NetworkAuthentication; then a Server, which closes the port.
    Needs:
        no other Server that selects the same pods and port. Linkerd uses the oldest and ignores the
        others, so an older open one leaves the port open; `mesh status` and the policy
        `server-ports` find it.
    Example:
        ServiceAuthorization(
            "db",
            ServiceAuthorizationArgs(
                cluster=east,
                namespace="yelb",
                service="yelb-db",
                pod_labels={"app": "yelb-db"},
                port=5432,
                clients=[MeshClient(account="yelb-appserver", namespace="yelb")],
                from_gateway=True,
            ),
        )
    Source: https://linkerd.io/2-edge/reference/authorization-policy/
    """

    identities: list[str]
    """The identities that may call."""

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
        # The Server closes the port: it is made last and deleted first, so that no caller is
        # rejected while its policy does not exist.
        spec = server_spec(args.pod_labels, args.port, args.protocol)
        make(f"{name}-server", SERVER_API, "Server", own, spec, after=policies)
        self.register_outputs({"identities": self.identities})


def _client_policy(
    make: Callable[..., pulumi.Resource], name: str, own: str, allowed: Sequence[str]
) -> list[pulumi.Resource]:
    if not allowed:
        return []
    kind = "MeshTLSAuthentication"
    spec = policy_spec(own, kind, f"{own}-clients")
    known = {"identities": list(allowed)}
    return [
        make(f"{name}-clients", POLICY_API, kind, f"{own}-clients", known),
        make(f"{name}-clients-policy", POLICY_API, POLICY, f"{own}-clients", spec),
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
        make(f"{name}-probes", POLICY_API, kind, f"{own}-probes", known),
        make(f"{name}-probes-policy", POLICY_API, POLICY, f"{own}-probes", spec),
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
