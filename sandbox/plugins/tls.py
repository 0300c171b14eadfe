"""
An imitation of the tls provider: private keys, certificate requests, certificates.
"""

from __future__ import annotations

from sandbox.plugins.framework import Properties, Provider, Resource, Schema, Types, serve
from sandbox.plugins.tls_resources import (
    CertRequest,
    LocallySignedCert,
    PrivateKey,
    SelfSignedCert,
)


class Tls(Provider):
    """The provider; it has no configuration that would matter here."""

    name = "tls"
    version = "5.6.2"

    def __init__(self) -> None:
        super().__init__()
        self.types = Types(
            {
                "tls:index/privateKey:PrivateKey": PrivateKey(),
                "tls:index/certRequest:CertRequest": CertRequest(),
                "tls:index/selfSignedCert:SelfSignedCert": SelfSignedCert(),
                "tls:index/locallySignedCert:LocallySignedCert": LocallySignedCert(),
            }
        )

    def check_config(self, news: Properties) -> Properties:
        """Refuse the proxy: nothing here connects anywhere."""
        return Schema().check(news)

    def resource(self, token: str) -> Resource:
        """Give one of the four types."""
        return self.types.find(self, token)


def main() -> None:
    """Serve the engine."""
    serve(Tls())


if __name__ == "__main__":
    main()
