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
    """
    How calls reach it: through the gateway, or pod to pod between networks that are joined.

    A service that moves from the gateway to FEDERATED, or back, has an export in each mode for the
    time of the move.
    """

    headless: bool = field(default=False, kw_only=True)
    """Whether it is headless, and sources call its pods by their own names (a StatefulSet's)."""

    is_labelled: bool = field(default=False, kw_only=True)
    """
    Whether its owner sets the label that exports it, e.g. with GitOps; `mesh plan` prints it.

    Then linkmesh does not touch the Service, which may come later. Otherwise it must be there: a
    label is added to it, and it is not created.
    """

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
