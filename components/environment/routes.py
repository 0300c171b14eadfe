"""A split of the calls of one service between clusters, as a user describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..arguments import checked


@checked
@dataclass(frozen=True)
class Route:
    """
    Weights by which clusters answer a cluster's calls of one service.

    Only HTTP is split, and only for calls of meshed pods. A backend without endpoints fails its
    part of the calls: to switch, change the weights. Federated services fail over by themselves.
    """

    service: str
    """Name of the Service that callers use; made without pods where their cluster has none."""

    namespace: str = field(kw_only=True)
    """Its namespace, which is the mirrors' as well."""

    on: str = field(kw_only=True)
    """The cluster that calls."""

    port: int = field(kw_only=True)
    """The port that callers use."""

    weights: Mapping[str, int] = field(kw_only=True)
    """
    The weight of each cluster that answers: it gets this part of the sum of all weights.

    If the cluster that calls is among them, it has the Service itself, with pods.
    """

    @property
    def is_served_here(self) -> bool:
        """Whether the cluster that calls has the service itself."""
        return self.on in self.weights

    def __str__(self) -> str:
        return f"route {self.namespace}/{self.service} on {self.on!r}"
