"""How the gateway of an existing cluster is reached, as a user describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..arguments import checked
from ..ports import GATEWAY_NODE_PORT, PROBE_NODE_PORT


@checked
@dataclass(frozen=True, kw_only=True)
class LoadBalancer:
    """A gateway behind a load balancer that the cluster makes."""

    address: str | None = None
    """
    Host name or IP addresses, joined by commas, at which sources reach it.

    None: those in the status of its Service. Give it where sources see others, e.g. behind NAT.
    """

    load_balancer_class: str | None = None
    """
    The `loadBalancerClass` of its Service, e.g. `service.k8s.aws/nlb`; None: the default.

    It cannot be changed on an existing Service.
    """

    annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations of its Service, e.g. settings of the cloud's load balancer."""


@checked
@dataclass(frozen=True)
class NodePorts:
    """A gateway on two ports of every node, for a cluster without load balancers."""

    address: str
    """Address of a node, or several joined by commas, which pods of sources can reach."""

    port: int = field(default=GATEWAY_NODE_PORT, kw_only=True)
    """Port of every node for calls, from 30000 to 32767."""

    probe_port: int = field(default=PROBE_NODE_PORT, kw_only=True)
    """Port of every node for the health probe, from 30000 to 32767."""


GatewayService = LoadBalancer | NodePorts
"""The Service of a gateway."""
