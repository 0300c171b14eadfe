"""
When a cluster's certificate authority expires.

EKS makes a successor by itself as that day nears, and whoever calls the cluster must trust it
before: each `Link` to it carries the certificates of its day. So the day is an output.
Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_ActivateCertificateAuthority.html
"""

import base64
import binascii
import warnings
from datetime import UTC

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning


def authority_expiry(data: str) -> str:
    """
    Tell when the first of some certificates expires, as RFC 3339 text.

    Args:
        data: certificates in PEM, base64, as EKS and kubeconfigs hold them.
    """
    try:
        pem = base64.b64decode(data, validate=True)
        with warnings.catch_warnings():
            # Kubernetes' own authorities have the serial number zero, which RFC 5280 forbids.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            certificates = x509.load_pem_x509_certificates(pem)
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            "certificate authority of a cluster must be certificates in PEM, base64 (got something"
            f" else: {error}). Nobody could trust its API server. See: aws eks describe-cluster"
        ) from error
    first = min(certificate.not_valid_after_utc for certificate in certificates)
    return first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
