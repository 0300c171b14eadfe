"""Arguments of a gateway: how it is reached from outside, and on which ports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

# Source: Kubernetes, --service-node-port-range
NODE_PORTS = range(30000, 32768)


@dataclass(frozen=True, kw_only=True)
class NodePortGateway:
    """A gateway without a load balancer: reached on a port of every node."""

    address: pulumi.Input[str]
    """Address of a node, or several joined by commas, that the pods of sources can reach."""

    port: int
    """Port of every node for calls, from 30000 to 32767."""

    probe_port: int
    """Port of every node for the health probe, from 30000 to 32767."""

    def __post_init__(self) -> None:
        wrong = [port for port in (self.port, self.probe_port) if port not in NODE_PORTS]
        if wrong or self.port == self.probe_port:
            raise ValueError(
                "port and probe_port of node ports must be two ports from 30000 to 32767 (got "
                f"{self.port} and {self.probe_port}). Kubernetes accepts no others. "
                "Use: port=30143, probe_port=30191"
            )


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """How the gateway is reached from outside."""

    service_annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations of the gateway's Service, e.g. settings of the cloud's load balancer."""

    source_ranges: Sequence[pulumi.Input[str]] = ()
    """CIDR blocks that may call through the load balancer; empty sets no limit."""

    load_balancer_class: str | None = None
    """
    The controller of the load balancer, e.g. `service.k8s.aws/nlb`; None is the cluster's default.

    It cannot be changed on an existing Service.
    """

    node_ports: NodePortGateway | None = None
    """Ports of nodes instead of a load balancer, for clusters that have none; None by default."""

    def __post_init__(self) -> None:
        balanced = self.load_balancer_class is not None or bool(self.source_ranges)
        if self.node_ports is not None and balanced:
            raise ValueError(
                "load_balancer_class and source_ranges must not be set with node_ports (got "
                "both). There is no load balancer to apply them. Use: one of the two"
            )
