"""Networks on AWS: a VPC for each cluster, with its ways in and out."""

from .network import Network, NetworkArgs

__all__ = ["Network", "NetworkArgs"]
