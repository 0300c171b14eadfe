"""
Keys are genuine, and encoded as the provider encodes them.
"""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.plugins.contract import Refused
from sandbox.plugins.keys import algorithm_of, key_id, key_outputs, new_key, read_key


def outputs(algorithm: str, curve: str = "P224") -> dict[str, str]:
    return key_outputs(new_key(algorithm, curve=curve, rsa_bits=2048))


@pytest.mark.parametrize(
    ("algorithm", "first_line"),
    [
        ("ECDSA", "-----BEGIN EC PRIVATE KEY-----"),
        ("RSA", "-----BEGIN RSA PRIVATE KEY-----"),
        ("ED25519", "-----BEGIN PRIVATE KEY-----"),
    ],
)
def test_keys_are_traditional_pem_where_there_is_one(algorithm: str, first_line: str) -> None:
    key = outputs(algorithm, "P256")

    assert key["privateKeyPem"].splitlines()[0] == first_line
    assert key["privateKeyPemPkcs8"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert key["privateKeyOpenssh"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert all(value for value in key.values())
    assert algorithm_of(read_key(key["privateKeyPem"], "x")) == algorithm


def test_all_encodings_hold_one_key() -> None:
    key = outputs("ECDSA", "P256")

    loaded = [
        load_pem_private_key(key[name].encode(), password=None).public_key()
        for name in ("privateKeyPem", "privateKeyPemPkcs8")
    ]

    assert loaded[0] == loaded[1]
    assert isinstance(loaded[0], ec.EllipticCurvePublicKey)
    assert loaded[0].curve.name == "secp256r1"


def test_openssh_does_not_know_the_default_curve() -> None:
    key = outputs("ECDSA", "P224")

    assert [name for name, value in key.items() if not value] == [
        "privateKeyOpenssh",
        "publicKeyOpenssh",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
    ]


def test_the_id_is_a_hash_of_the_public_half() -> None:
    key = new_key("ED25519", curve="", rsa_bits=0)

    assert len(key_id(key)) == 40
    assert key_id(key) == key_id(read_key(key_outputs(key)["privateKeyPem"], "x"))


def test_what_is_no_key_is_refused_without_telling_its_content() -> None:
    with pytest.raises(Refused) as refused:
        read_key("geheim", "privateKeyPem")

    assert str(refused.value) == "Failed to parse private key PEM of 'privateKeyPem' (got a secret)"
