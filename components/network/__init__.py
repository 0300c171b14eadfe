"""Networks on AWS: a VPC for each cluster, with subnets, routes and endpoints."""

from .network import Network, NetworkArgs

__all__ = ["Network", "NetworkArgs"]
