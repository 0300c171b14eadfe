"""The part `trust`: one trust anchor, one identity issuer for each cluster."""

from components.linkerd.identity import (
    IdentityIssuer,
    IdentityIssuerArgs,
    TrustAnchor,
    TrustAnchorArgs,
)

from .environment import Environment
from .outputs import IssuerContract, TrustContract


def deploy(environment: Environment) -> None:
    """Make the anchor and the issuers; the anchor's key is exported to nobody."""
    anchor = TrustAnchor("anchor", TrustAnchorArgs())
    TrustContract(anchors_pem=anchor.certificate_pem, anchors_expiry=anchor.expiry).export()
    for cluster in environment.names:
        issuer = IdentityIssuer(f"{cluster}-issuer", IdentityIssuerArgs(anchor=anchor))
        IssuerContract(
            certificate_pem=issuer.certificate_pem,
            private_key_pem=issuer.private_key_pem,
            expiry=issuer.expiry,
        ).export(cluster)
