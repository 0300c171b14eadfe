"""The protocols of service aliases, and the kinds of their routes."""

from enum import Enum

from ..labels import ROUTE_API, TCP_ROUTE_API


class AliasProtocol(Enum):
    """The protocol of an alias' callers, and so the kind of its route."""

    HTTP = ("HTTPRoute", ROUTE_API)
    """HTTP/1 or HTTP/2."""

    GRPC = ("GRPCRoute", ROUTE_API)
    """gRPC."""

    TCP = ("TCPRoute", TCP_ROUTE_API)
    """Any other protocol over TCP, e.g. of databases."""

    @property
    def kind(self) -> str:
        """Kind of the route."""
        return self.value[0]

    @property
    def api_version(self) -> str:
        """Version of that kind which Linkerd reads."""
        return self.value[1]
