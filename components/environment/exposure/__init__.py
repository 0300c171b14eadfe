"""
Who may reach what on an EKS cluster: one table, computed from the links that come in.

Nothing of it is configured, so no rule can be forgotten. Where `operators` have public addresses,
or a cluster that exists elsewhere calls, a target has a public API endpoint beside the private one.
Then its name resolves to public addresses everywhere but in its own VPC, and sources on AWS call
from the addresses of their NAT gateways. Else the endpoint is private, and sources call over the
peering.
"""

from .callers import Block, Callers, NatGateway, callers, public_operators
from .openings import Opening, admitted, openings
from .table import TABLE, WEBHOOK_PORTS, Enforcement, Row

__all__ = [
    "TABLE",
    "WEBHOOK_PORTS",
    "Block",
    "Callers",
    "Enforcement",
    "NatGateway",
    "Opening",
    "Row",
    "admitted",
    "callers",
    "openings",
    "public_operators",
]
