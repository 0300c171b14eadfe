"""An old name of a service that has moved to another cluster, as a user describes it."""

from dataclasses import dataclass, field

from ..arguments import checked
from ..linkerd.traffic.protocol import AliasProtocol


@checked
@dataclass(frozen=True)
class Alias:
    """
    A name of a service that callers still use after the service has moved to another cluster.

    Only calls of meshed pods follow it. A mirror without endpoints fails them: calls do not return
    to local pods. For that, use a `Route`.
    """

    service: str
    """Name of the Service that callers still use."""

    namespace: str = field(kw_only=True)
    """Its namespace, which is the mirror's as well."""

    on: str = field(kw_only=True)
    """The cluster that calls."""

    of: str = field(kw_only=True)
    """The cluster that answers; it exports the service to the one that calls."""

    port: int = field(kw_only=True)
    """The port that callers use, which is the mirror's as well."""

    protocol: AliasProtocol = field(default=AliasProtocol.HTTP, kw_only=True)
    """What callers speak."""

    is_there: bool = field(default=False, kw_only=True)
    """
    Whether the cluster that calls already has a Service of that name.

    Its pods stay, and meshed callers no longer reach them.
    """

    def __str__(self) -> str:
        return f"alias {self.namespace}/{self.service} on {self.on!r}"
