"""The protocol of a service's callers, and the kind of route for it; pure."""

from enum import Enum

from ..labels import ROUTE_API, TCP_ROUTE_API


class AliasProtocol(Enum):
    """A protocol: the kind of its route, and the version."""

    HTTP = ("HTTPRoute", ROUTE_API)
    GRPC = ("GRPCRoute", ROUTE_API)
    TCP = ("TCPRoute", TCP_ROUTE_API)

    @property
    def kind(self) -> str:
        """Kind of the route."""
        return self.value[0]

    @property
    def api_version(self) -> str:
        """Version of that kind which Linkerd reads."""
        return self.value[1]
