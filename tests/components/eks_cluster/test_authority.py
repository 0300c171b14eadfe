"""The expiry of a cluster's certificate authority, read from its CA certificates."""

import base64
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from linkmesh.eks_cluster.authority import authority_expiry


def authority(expiry: datetime) -> bytes:
    """Make a certificate authority that lasts until a day."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    builder = x509.CertificateBuilder(issuer_name=name, subject_name=name)
    made = (
        builder.public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1))
        .not_valid_after(expiry)
        .sign(key, None)
    )
    return made.public_bytes(Encoding.PEM)


def test_it_is_text_that_sorts() -> None:
    data = base64.b64encode(authority(datetime(2036, 11, 20, 4, 5, 6))).decode()

    assert authority_expiry(data) == "2036-11-20T04:05:06Z"


def test_of_two_while_one_follows_the_other_the_first_to_expire_counts() -> None:
    both = authority(datetime(2036, 11, 20)) + authority(datetime(2027, 3, 1))

    assert authority_expiry(base64.b64encode(both).decode()) == "2027-03-01T00:00:00Z"


@pytest.mark.parametrize("data", ["", "Q0E=", "no base64"])
def test_anything_but_certificates_is_an_error(data: str) -> None:
    with pytest.raises(ValueError, match="must be certificates, PEM in base64"):
        authority_expiry(data)


# A certificate with the serial number zero, as Kubernetes makes its own authorities.
SERIAL_ZERO = """\
-----BEGIN CERTIFICATE-----
MIIBbjCCARSgAwIBAgIBADAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAprdWJlcm5l
dGVzMCAXDTI2MTEyMzA1MzIxMVoYDzIxMjYxMDMwMDUzMjExWjAVMRMwEQYDVQQD
DAprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECuqYgm2oqVRO
fO/QQvZXzzQ3SxD9tcIpXymBReIiECKbfVqMy+OMXQOeN9vIk19d9//xElEpLeXO
uez7rVUlTqNTMFEwHQYDVR0OBBYEFBogEZ40TYCpwizbruGkJ35RPsS0MB8GA1Ud
IwQYMBaAFBogEZ40TYCpwizbruGkJ35RPsS0MA8GA1UdEwEB/wQFMAMBAf8wCgYI
KoZIzj0EAwIDSAAwRQIgbs8ekCV3aMJLcvX2NUzbhGbAhhVNqKNm4mkSlnE1jhUC
IQCjZfYh+purtHUNKCkZEcKW2kIeP67cDDOhZFzdyqHdOg==
-----END CERTIFICATE-----
"""


def test_an_authority_as_kubernetes_makes_it_is_read_without_a_warning() -> None:
    expiry = authority_expiry(base64.b64encode(SERIAL_ZERO.encode()).decode())

    assert expiry.startswith("2126-10-30T")
