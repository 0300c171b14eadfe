"""
Private keys of Linkerd's certificates.

Linkerd accepts ECDSA P-256 only for issuers, and pulumi_tls makes P-224 by default.
"""

from datetime import timedelta

import pulumi
import pulumi_tls as tls

# Source: linkerd2, pkg/issuercerts/issuercerts.go
ALGORITHM = "ECDSA"
CURVE = "P256"

# A certificate of one year is renewed by the first `up` in its last 60 days, which is when
# `linkerd check` starts to warn.
RENEWAL = timedelta(days=60)

CA_USES = ["cert_signing", "crl_signing"]


def hours(lifetime: timedelta) -> int:
    """Convert a lifetime to whole hours, the unit of pulumi_tls."""
    return int(lifetime / timedelta(hours=1))


def private_key(name: str, parent: pulumi.Resource) -> tls.PrivateKey:
    """Make a private key."""
    return tls.PrivateKey(
        f"{name}-key",
        algorithm=ALGORITHM,
        ecdsa_curve=CURVE,
        opts=pulumi.ResourceOptions(parent=parent),
    )
