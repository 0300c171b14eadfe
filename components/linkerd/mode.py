"""How the calls of linked clusters reach a service; pure."""

from enum import Enum

from .. import names


class Mode(Enum):
    """How the calls of linked clusters reach a service."""

    GATEWAY = "gateway"
    """Through the target's gateway: works everywhere, and hides who calls."""

    FLAT = "flat"
    """Pod to pod: needs networks that route to each other's pods, and keeps the caller's name."""

    FEDERATED = "federated"
    """Pod to pod, to all clusters that have the service, under one name."""


def mirror_name(mode: Mode, service: str, target: str) -> str:
    """Name the Service by which sources call a target's service."""
    if mode is Mode.FEDERATED:
        return names.federated_service(service)
    return names.mirror_service(service, target)
