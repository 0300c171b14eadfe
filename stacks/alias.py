"""An old name of a service that has moved to another cluster, as it is described; pure."""

from dataclasses import dataclass, field

from components.linkerd.traffic.protocol import Protocol


@dataclass(frozen=True)
class Alias:
    """
    A plain name that goes on working where the service is a mirror's now.

    Only the calls of meshed pods are led on. A mirror without endpoints fails them: there is no way
    back to local pods; for that, use a `Route`.
    """

    service: str
    """Name of the Service, the one that callers go on using."""

    namespace: str = field(kw_only=True)
    """Its namespace, which is the mirror's as well."""

    on: str = field(kw_only=True)
    """The cluster that calls."""

    of: str = field(kw_only=True)
    """The cluster that answers, which exports the service to the one that calls."""

    port: int = field(kw_only=True)
    """The port that callers name, which is the mirror's as well."""

    protocol: Protocol = field(default=Protocol.HTTP, kw_only=True)
    """What callers speak."""

    is_there: bool = field(default=False, kw_only=True)
    """
    Whether the cluster that calls has a Service of that name already.

    It keeps its pods, and meshed callers no longer reach them.
    """
