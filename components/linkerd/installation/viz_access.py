"""
Who may ask viz's Prometheus besides viz itself: the API server, so that `mesh stat` needs no port.

The chart lets in metrics-api alone. An API server hands requests on without mTLS, so it can be
known by its addresses only: on EKS those of the /28 subnets in which nothing else has one.
Source: linkerd2, viz/charts/linkerd-viz/templates/prometheus-policy.yaml
"""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from ..policy.policy_objects import POLICY, POLICY_API, policy_spec

# The Server that the chart makes for Prometheus' port.
SERVER = "prometheus-admin"
NAME = "prometheus-api-server"
AUTHENTICATION = "NetworkAuthentication"


def let_in(
    name: str, networks: Sequence[str], namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """
    Let callers of some networks ask Prometheus; a policy beside the chart's own.

    Args:
        networks: CIDR blocks from which the API server calls pods.
        namespace: where viz is.
    """
    known = {"networks": [{"cidr": cidr} for cidr in networks]}
    for kind, logical, spec in (
        (AUTHENTICATION, f"{name}-api-server", known),
        (POLICY, f"{name}-api-server-policy", policy_spec(SERVER, AUTHENTICATION, NAME)),
    ):
        kubernetes.apiextensions.CustomResource(
            logical,
            api_version=POLICY_API,
            kind=kind,
            metadata={"name": NAME, "namespace": namespace},
            spec=spec,
            opts=opts,
        )
