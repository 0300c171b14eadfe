"""A service that other clusters may call, as a user describes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..arguments import checked
from ..linkerd.mode import LinkMode


@checked
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

    mode: LinkMode = field(default=LinkMode.GATEWAY, kw_only=True)
    """How calls reach it: through the gateway, or pod to pod between peered networks."""

    @property
    def mirror(self) -> str:
        """Name by which sources call it."""
        return self.mode.callable_name(self.service, self.of)

    @property
    def origin(self) -> str:
        """The cluster that answers calls of that name; empty if every member of a federation."""
        return "" if self.mode is LinkMode.FEDERATED else self.of

    def __str__(self) -> str:
        return f"export {self.namespace}/{self.service} of {self.of!r}"
