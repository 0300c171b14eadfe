"""The modes of links: how calls of linked clusters reach a service."""

from enum import Enum

from .. import names


class LinkMode(Enum):
    """How the calls of linked clusters reach a service."""

    GATEWAY = "gateway"
    """Through the target's gateway: needs nothing else; the caller's identity is lost."""

    FLAT = "flat"
    """Pod to pod: needs routes between the pods; the caller's identity is preserved."""

    FEDERATED = "federated"
    """Pod to pod, to all clusters with the service, as one service."""

    @property
    def is_pod_to_pod(self) -> bool:
        """Whether calls go to the pods of the target, and not through its gateway."""
        return self is not LinkMode.GATEWAY

    def callable_name(self, service: str, target: str) -> str:
        """Return the name of the Service that sources call, for a service of a target."""
        if self is LinkMode.FEDERATED:
            return names.federated_service(service)
        return names.mirror_service(service, target)
