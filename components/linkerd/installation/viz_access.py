"""
Access of the API server to viz's Prometheus, so that `mesh stat` needs no forwarded port.

The chart allows only metrics-api. An API server forwards requests without mTLS, so only its
addresses identify it: on EKS those of the /28 subnets that nothing else uses.
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


def allow_networks(
    name: str, networks: Sequence[str], namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """
    Allow callers from some networks to query Prometheus, with a policy beside the chart's own.

    Args:
        networks: CIDR blocks from which the API server calls pods.
        namespace: the namespace of viz.
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
