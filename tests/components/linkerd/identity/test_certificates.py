"""What Linkerd accepts as certificates: judged on real ones, made here."""

import functools
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from linkmesh.linkerd.identity.certificates import (
    anchor_problems,
    expiry,
    issuer_problems,
    joined,
    split,
)

END = datetime(2036, 11, 20, 4, 5, 6, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@functools.cache
def key(kind: str) -> Key:
    """Give one of a few keys, by name."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind.split("-")[1]))
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def pem(of: Key) -> str:
    """Spell a private key."""
    return of.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def certificate(
    name: str,
    of: Key,
    *,
    by: tuple[str, Key] | None = None,
    ca: bool = True,
    algorithm: hashes.SHA256 | hashes.SHA384 | None = None,
    path_length: int | None = None,
) -> str:
    """Make a certificate, signed by itself by default."""
    signer, signing_key = by or (name, of)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(signer))
        .public_key(of.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(END - timedelta(days=3650))
        .not_valid_after(END)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .sign(signing_key, algorithm or hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


ANCHOR = certificate("root", key("anchor"))


def issuer(*, of: str = "issuer", by: tuple[str, str] = ("root", "anchor"), ca: bool = True) -> str:
    """Make an issuer, signed by the anchor by default."""
    return certificate("issuer", key(of), by=(by[0], key(by[1])), ca=ca)


@pytest.mark.parametrize("kind", ["anchor", "rsa-2048", "rsa-4096"])
def test_anchors_of_p256_and_rsa_are_accepted(kind: str) -> None:
    own = certificate("root", key(kind))

    assert anchor_problems(own, pem(key(kind))) == []


@pytest.mark.parametrize(("kind", "shown"), [("p384", "ECDSA secp384r1"), ("rsa-3072", "RSA 3072")])
def test_other_anchors_are_errors(kind: str, shown: str) -> None:
    assert anchor_problems(certificate("root", key(kind))) == [
        "certificate of a trust anchor must have a key of ECDSA P-256 or RSA 2048 or 4096 (got "
        f"{shown}). Linkerd accepts no other."
    ]


def test_an_anchor_that_may_not_sign_is_an_error() -> None:
    found = anchor_problems(certificate("root", key("anchor"), ca=False))

    assert found == [
        "certificate of a trust anchor must be a certificate authority (it is not). It could not "
        "sign certificates."
    ]


def test_a_certificate_signed_with_another_hash_is_an_error() -> None:
    found = anchor_problems(certificate("root", key("anchor"), algorithm=hashes.SHA384()))

    assert found == [
        "certificate of a trust anchor must be signed with SHA-256 (it is not). Linkerd accepts no "
        "other."
    ]


def test_the_key_of_another_certificate_is_an_error_and_never_shown() -> None:
    other = pem(key("other"))
    found = anchor_problems(ANCHOR, other)

    assert found == [
        "private key of the trust anchor must be that of its certificate (got another secret)."
    ]


def test_what_is_no_certificate_and_no_key_is_an_error() -> None:
    assert anchor_problems("/etc/anchor.crt") == [
        "certificate of a trust anchor must be PEM (it is not). It begins with -----BEGIN "
        "CERTIFICATE-----. Use: the text of the file, not its name"
    ]
    assert anchor_problems(ANCHOR, "no key") == [
        "private key of the trust anchor must be PEM without a password (got a secret)."
    ]


def test_an_issuer_that_one_of_the_anchors_signed_is_accepted() -> None:
    other = certificate("another root", key("other"))

    assert issuer_problems(issuer(), pem(key("issuer")), other + ANCHOR) == []


def test_an_issuer_may_be_followed_by_what_signed_it() -> None:
    middle = certificate("middle", key("middle"), by=("root", key("anchor")))
    chain = issuer(by=("middle", "middle")) + middle

    assert issuer_problems(chain, pem(key("issuer")), ANCHOR) == []


def test_all_problems_of_an_issuer_are_reported() -> None:
    wrong = issuer(of="rsa-2048", by=("root", "other"), ca=False)

    assert issuer_problems(wrong, pem(key("issuer")), ANCHOR) == [
        "certificate of an identity issuer must have a key of ECDSA P-256 (got RSA 2048). Linkerd "
        "accepts no other.",
        "certificate of an identity issuer must be a certificate authority (it is not). It could "
        "not sign certificates.",
        "private key of the identity issuer must be that of its certificate (got another secret).",
        "certificate of an identity issuer must be signed by one of the trust anchors (it is not). "
        "Proxies of other clusters would not trust its proxies.",
    ]


def test_an_expiry_is_exact_to_the_second() -> None:
    assert expiry(ANCHOR) == "2036-11-20T04:05:06Z"


def test_a_single_certificate_stays_as_it_is_and_several_are_joined_once_each() -> None:
    other = certificate("another root", key("other"))

    assert joined(["as it is"]) == "as it is"
    assert split(joined([ANCHOR.strip(), other, ANCHOR])) == [ANCHOR, other]


def test_an_anchor_that_has_expired_is_an_error() -> None:
    assert anchor_problems(ANCHOR, at=END - timedelta(seconds=1)) == []
    assert anchor_problems(ANCHOR, at=END) == [
        "certificate of a trust anchor must not have expired (got one that expired on "
        "2036-11-20). Proxies would refuse one another. Use: a new certificate"
    ]


def test_an_anchor_that_allows_no_authority_below_it_is_an_error() -> None:
    assert anchor_problems(certificate("root", key("anchor"), path_length=1)) == []
    assert anchor_problems(certificate("root", key("anchor"), path_length=0)) == [
        "certificate of a trust anchor must allow an authority below it (got a path length of 0). "
        "Issuers are authorities too. Use: a path length of 1, or none"
    ]
