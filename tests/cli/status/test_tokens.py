"""Of a Secret only digests and dates are read."""

import base64
import json
from datetime import UTC, datetime

import pytest

from linkmesh.cli.status import tokens


def jwt(claims: object) -> str:
    """Make an unsigned token with claims."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def kubeconfig(token: str) -> str:
    """Make a kubeconfig, as a link's credentials are."""
    return json.dumps(
        {
            "users": [{"name": "remote-access-west", "user": {"token": token}}],
            "clusters": [
                {"cluster": {"server": "https://a", "certificate-authority-data": "Q0E="}}
            ],
        }
    )


def test_credentials_are_known_by_a_digest_and_never_by_their_token() -> None:
    token = jwt({"sub": "system:serviceaccount:linkerd-multicluster:remote-access-west"})

    read = tokens.credentials(kubeconfig(token))

    assert read is not None
    assert (read.account, read.server, read.authority) == (
        "remote-access-west",
        "https://a",
        "Q0E=",
    )
    assert read.digest == tokens.digest(token)
    assert token not in repr(read)


def test_the_end_of_a_token_is_read_from_its_claims() -> None:
    ends = datetime(2026, 11, 23, tzinfo=UTC)

    assert tokens.expiry(jwt({"exp": int(ends.timestamp())})) == ends
    assert tokens.expiry(jwt({})) is None


@pytest.mark.parametrize("text", ["", "[]", "users: []", "not: [yaml", "users: [{user: null}]"])
def test_what_is_no_kubeconfig_has_no_credentials(text: str) -> None:
    assert tokens.credentials(text) is None
    assert tokens.token_of(text) == ""


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.####.c", ""])
def test_a_token_without_an_expiry_never_expires(token: str) -> None:
    assert tokens.expiry(token) is None


def test_what_is_no_certificate_has_no_end() -> None:
    assert tokens.certificates("issuer", "no certificate") == []
    assert tokens.fingerprints("no certificate") == frozenset()
