"""
What may be shown of a Secret: digests of tokens, and contents of kubeconfigs and certificates.

Tokens are only compared, so only their digests leave this module.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import yaml
from cryptography import x509

from linkmesh.yaml_text import parsed

from .observations import Certificate, Credentials


def decoded(data: dict[str, str] | None, *keys: str) -> str:
    """Read the first of some keys of a Secret's data; empty if it has none."""
    for key in keys:
        if data and data.get(key):
            return base64.b64decode(data[key]).decode()
    return ""


def digest(secret: str) -> str:
    """Return the digest that represents a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(kubeconfig: str) -> str:
    """Read the token of a kubeconfig; empty if there is none."""
    try:
        return str(parsed(kubeconfig)["users"][0]["user"].get("token", ""))
    except (yaml.YAMLError, KeyError, IndexError, TypeError, AttributeError):
        return ""


def credentials(kubeconfig: str, *, rights: str | None = None) -> Credentials | None:
    """
    Read a kubeconfig, with a digest instead of its token; None if it is not one with a token.

    Args:
        rights: the rights in the annotations of its Secret, if any.
    """
    token = token_of(kubeconfig)
    if not token:
        return None
    try:
        read = parsed(kubeconfig)
        cluster = read["clusters"][0]["cluster"]
        return Credentials(
            account=str(read["users"][0]["name"]),
            server=str(cluster["server"]),
            authority=str(cluster.get("certificate-authority-data", "")),
            digest=digest(token),
            expires=expiry(token),
            rights=rights or "",
        )
    except (KeyError, IndexError, TypeError):
        return None


def expiry(token: str) -> datetime | None:
    """Read the expiry of a JSON web token (RFC 7519, exp); None if it has none."""
    try:
        part = token.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def certificates(name: str, pem: str) -> list[Certificate]:
    """Read when certificates expire; the first keeps the name, the others are numbered."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode()) if pem else []
    except ValueError:
        found = []
    return [
        Certificate(name=name if not at else f"{name}-{at + 1}", expires=one.not_valid_after_utc)
        for at, one in enumerate(found)
    ]


def fingerprints(pem: str) -> frozenset[str]:
    """Return digests of certificates, independent of their order and encoding."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode()) if pem.strip() else []
    except ValueError:
        return frozenset()
    return frozenset(hashlib.sha256(one.tbs_certificate_bytes).hexdigest() for one in found)
