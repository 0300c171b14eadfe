"""A service that other clusters may call, as it is described; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from components.linkerd.mode import Mode


@dataclass(frozen=True)
class Export:
    """A service that other clusters may call."""

    service: str
    """Name of the Service."""

    namespace: str = field(kw_only=True)
    """Its namespace; sources get the same one."""

    of: str = field(kw_only=True)
    """The cluster it runs on: the target."""

    to: Sequence[str] | None = field(default=None, kw_only=True)
    """The clusters that may call it: sources. None means every linked one."""

    mode: Mode = field(default=Mode.GATEWAY, kw_only=True)
    """How calls reach it: through the gateway, or pod to pod between peered networks."""

    @property
    def mirror(self) -> str:
        """Name by which sources call it."""
        return self.mode.callable_name(self.service, self.of)

    @property
    def origin(self) -> str:
        """Where calls of that name end: one cluster, or empty for all that have the service."""
        return "" if self.mode is Mode.FEDERATED else self.of
