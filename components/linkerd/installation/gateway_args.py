"""
The ways in which a gateway is reached: a load balancer, AWS' own, or ports of nodes.

Each is a class of its own, so that none has arguments of another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from ...arguments import checked
from ...hosts import addresses_problem
from ...ingress import block_problems
from ...load_balancer_service import load_balancer_problems
from ...ports import node_port_problems


@checked
@dataclass(frozen=True, kw_only=True)
class NlbGateway:
    """
    A gateway behind an AWS Network Load Balancer, on EKS.

    All annotations of its Service follow from these arguments.

    Example: `NlbGateway(controller=controller, internet_facing=True, source_ranges=office)`
    """

    controller: pulumi.Resource | None = None
    """
    The `LoadBalancerController` of the cluster, which must outlive the gateway.

    None if another program installed it.
    """

    internet_facing: bool = False
    """Whether the load balancer has public addresses; by default those of the VPC."""

    source_ranges: Sequence[pulumi.Input[str]] = ()
    """
    CIDR blocks that may call the gateway; required if it is internet-facing.

    Empty: every address that has a route to the VPC. The whole internet is not valid.
    """

    def __post_init__(self) -> None:
        problems = [
            problem
            for block in self.source_ranges
            if isinstance(block, str)
            for problem in block_problems("source_ranges of a gateway", block)
        ]
        if self.internet_facing and not self.source_ranges:
            problems.append(
                "source_ranges of an internet-facing gateway must name at least one CIDR block "
                "(got none). Every address could call it. Use: the addresses of the sources, e.g. "
                '["198.51.100.10/32"]'
            )
        if problems:
            raise ValueError("\n".join(problems))


@checked
@dataclass(frozen=True, kw_only=True)
class LoadBalancerGateway:
    """A gateway behind a load balancer of another cloud or controller."""

    load_balancer_class: str | None = None
    """
    The `loadBalancerClass` of its Service; None: the cluster's default.

    It cannot be changed on an existing Service.
    """

    source_ranges: Sequence[pulumi.Input[str]] = ()
    """CIDR blocks that may call the gateway, if the controller supports it; empty: no limit."""

    service_annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations of its Service, e.g. settings of the cloud's load balancer."""

    address: pulumi.Input[str] | None = None
    """
    Host name or IP addresses, joined by commas, at which sources reach it, e.g. behind NAT.

    None: those in the status of its Service.
    """

    def __post_init__(self) -> None:
        annotations = {
            key: value for key, value in self.service_annotations.items() if isinstance(value, str)
        }
        problems = load_balancer_problems(
            self.load_balancer_class, "service_annotations", annotations
        )
        problems += _address_problems(self.address)
        if problems:
            raise ValueError("\n".join(problems))


@checked
@dataclass(frozen=True, kw_only=True)
class NodePortGateway:
    """A gateway without a load balancer, reached on two ports of every node."""

    address: pulumi.Input[str]
    """Address of a node, or several joined by commas, that pods of sources can reach."""

    port: int
    """Port of every node for calls, from 30000 to 32767."""

    probe_port: int
    """Port of every node for the health probe, from 30000 to 32767."""

    def __post_init__(self) -> None:
        problems = [
            *_address_problems(self.address),
            *node_port_problems(self.port, self.probe_port),
        ]
        if problems:
            raise ValueError("\n".join(problems))


def _address_problems(address: pulumi.Input[str] | None) -> list[str]:
    problem = addresses_problem("a gateway", address) if isinstance(address, str) else ""
    return [problem] if problem else []


GatewayArgs = NlbGateway | LoadBalancerGateway | NodePortGateway
"""How a gateway is reached."""
