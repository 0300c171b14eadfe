"""A split of the calls of one service between clusters, as it is described; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Route:
    """
    Which share of a cluster's calls of one service each cluster answers.

    Only HTTP is split, and only the calls of meshed pods. A backend without endpoints fails its
    share: to switch, change the weights; what fails over by itself is a federated service.
    """

    service: str
    """Name of the Service that callers name; made without pods where their cluster has none."""

    namespace: str = field(kw_only=True)
    """Its namespace, which is the mirrors' as well."""

    on: str = field(kw_only=True)
    """The cluster that calls."""

    port: int = field(kw_only=True)
    """The port that callers name."""

    weights: Mapping[str, int] = field(kw_only=True)
    """
    The share of each cluster that answers: its weight through the sum of all; 0 is none.

    If the cluster that calls is among them, it has the Service itself, with pods.
    """

    @property
    def is_served_here(self) -> bool:
        """Whether the cluster that calls has the service itself."""
        return self.on in self.weights
