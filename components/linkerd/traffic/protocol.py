"""What callers of a service speak: the kind of the route that takes their calls; pure."""

from enum import Enum


class Protocol(Enum):
    """What callers speak: the kind of the route, and its version."""

    HTTP = ("HTTPRoute", "gateway.networking.k8s.io/v1")
    GRPC = ("GRPCRoute", "gateway.networking.k8s.io/v1")
    TCP = ("TCPRoute", "gateway.networking.k8s.io/v1alpha2")

    @property
    def kind(self) -> str:
        """Kind of the route."""
        return self.value[0]

    @property
    def api_version(self) -> str:
        """Version of that kind which Linkerd reads."""
        return self.value[1]
