"""How the calls of linked clusters reach a service; pure."""

from enum import Enum

from .. import names


class LinkMode(Enum):
    """How the calls of linked clusters reach a service."""

    GATEWAY = "gateway"
    """Through the target's gateway: works everywhere, and hides who calls."""

    FLAT = "flat"
    """Pod to pod: needs networks that route to each other's pods, and keeps the caller's name."""

    FEDERATED = "federated"
    """Pod to pod, to all clusters that have the service, under one name."""

    @property
    def is_pod_to_pod(self) -> bool:
        """Whether calls go to the pods of the target, and not through its gateway."""
        return self is not LinkMode.GATEWAY

    def callable_name(self, service: str, target: str) -> str:
        """Name the Service by which sources call a service of a target."""
        if self is LinkMode.FEDERATED:
            return names.federated_service(service)
        return names.mirror_service(service, target)
