"""
Private keys, encoded in all the ways in which Terraform's tls provider offers them.

Everything is genuine cryptography. What is modelled are the choices of that provider and of Go's
packages below it: traditional PEM where there is one, nothing of OpenSSH for the curve P-224.
Source: hashicorp/terraform-provider-tls d72d90e1, internal/provider/common_key.go
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sandbox.plugins.contract import Refused

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey

CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P224": ec.SECP224R1,
    "P256": ec.SECP256R1,
    "P384": ec.SECP384R1,
    "P521": ec.SECP521R1,
}


def new_key(algorithm: str, *, curve: str, rsa_bits: int) -> PrivateKey:
    """Make a private key."""
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve]())
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=rsa_bits)
    return ed25519.Ed25519PrivateKey.generate()


def read_key(pem: str, path: str) -> PrivateKey:
    """Read a private key; an error never tells its content."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Refused(
            f"Failed to parse private key PEM of '{path}' (got a secret)", path
        ) from error
    if not isinstance(key, PrivateKey):
        raise Refused(f"'{path}' must be an RSA, ECDSA or ED25519 key (got {type(key).__name__})")
    return key


def algorithm_of(key: PrivateKey) -> str:
    """Name a key's algorithm as the provider does."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return "ECDSA"
    return "RSA" if isinstance(key, rsa.RSAPrivateKey) else "ED25519"


def key_outputs(key: PrivateKey) -> dict[str, Any]:
    """Encode a key in all the ways in which the provider offers it."""
    # Go has no traditional format for Ed25519, and its ssh package does not know P-224.
    traditional = not isinstance(key, ed25519.Ed25519PrivateKey)
    legacy = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    public = key.public_key()
    outputs = {
        "privateKeyPem": _private_pem(key, legacy),
        "privateKeyPemPkcs8": _private_pem(key, PrivateFormat.PKCS8),
        "privateKeyOpenssh": "",
        "publicKeyPem": _public_bytes(public, Encoding.PEM).decode(),
        "publicKeyOpenssh": "",
        "publicKeyFingerprintMd5": "",
        "publicKeyFingerprintSha256": "",
    }
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1):
        return outputs
    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return {
        **outputs,
        "privateKeyOpenssh": _private_pem(key, PrivateFormat.OpenSSH),
        "publicKeyOpenssh": f"{line.decode()}\n",
        **_fingerprints(line),
    }


def key_id(key: PrivateKey) -> str:
    """Make the resource id of a key: a hash of the public half."""
    return hashlib.sha1(_public_bytes(key.public_key(), Encoding.DER)).hexdigest()


def signature_hash(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """Give the hash with which Go signs by this key."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size > 256:
        return hashes.SHA384() if key.curve.key_size == 384 else hashes.SHA512()
    return hashes.SHA256()


def _private_pem(key: PrivateKey, encoding: PrivateFormat) -> str:
    return key.private_bytes(Encoding.PEM, encoding, NoEncryption()).decode()


def _public_bytes(key: PublicKey, encoding: Encoding) -> bytes:
    return key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def _fingerprints(line: bytes) -> dict[str, str]:
    blob = base64.b64decode(line.split()[1])
    md5 = hashlib.md5(blob).hexdigest()
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {
        "publicKeyFingerprintMd5": ":".join(md5[i : i + 2] for i in range(0, len(md5), 2)),
        "publicKeyFingerprintSha256": f"SHA256:{sha256}",
    }
