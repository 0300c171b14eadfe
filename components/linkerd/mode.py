"""How the calls of linked clusters reach a service; pure."""

from enum import Enum


class Mode(Enum):
    """How the calls of linked clusters reach a service."""

    GATEWAY = "gateway"
    """Through the target's gateway: works everywhere, and hides who calls."""

    FLAT = "flat"
    """Pod to pod: needs networks that route to each other's pods, and keeps the caller's name."""

    FEDERATED = "federated"
    """Pod to pod, to all clusters that have the service, under one name."""
