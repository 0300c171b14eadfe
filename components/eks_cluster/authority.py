"""
The expiry of a cluster's certificate authority.

EKS makes a successor by itself before that day, and clients must trust the successor first: each
`Link` to the cluster contains the certificates of the day it was deployed. So the expiry is an
output.
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
    Return when the first of some certificates expires (RFC 3339, UTC).

    Args:
        data: certificates, PEM in base64, as EKS and kubeconfigs have them.
    """
    try:
        pem = base64.b64decode(data, validate=True)
        with warnings.catch_warnings():
            # Kubernetes' own authorities have the serial number zero, which RFC 5280 forbids.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            certificates = x509.load_pem_x509_certificates(pem)
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            "certificate authority of a cluster must be certificates, PEM in base64 (got something"
            f" else: {error}). No client could trust its API server. See: aws eks describe-cluster"
        ) from error
    first = min(certificate.not_valid_after_utc for certificate in certificates)
    return first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
