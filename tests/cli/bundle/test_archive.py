"""An archive is the same for the same documents, and no secret is in it in any form."""

import gzip
import io
import json
import tarfile
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linkmesh.cli.bundle.archive import Document, Gap, archive, write
from linkmesh.cli.redaction import Known

SECRET = "pa55 wörd/with+signs?"
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()


def certificate() -> str:
    """Make a certificate."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root.linkerd.cluster.local")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .sign(KEY, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def opened(content: bytes) -> dict[str, str]:
    """Read the files of an archive, in their order."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {
            each.name: found.read().decode()
            for each in tar.getmembers()
            if (found := tar.extractfile(each)) is not None
        }


def with_text(text: str, *secrets: str) -> str:
    """Write a text into an archive that knows some secrets; returns the written text."""
    packed = archive("demo", [Document(path="a.txt", text=text)], [], Known.of(secrets))
    return opened(packed)["demo-support/a.txt"]


def test_the_same_documents_in_another_order_are_the_same_bytes() -> None:
    documents = [Document(path="b", text="2"), Document(path="a", text="1")]

    packed = archive("demo", documents, [], Known())

    assert packed == archive("demo", documents[::-1], [], Known())
    assert list(opened(packed)) == [
        "demo-support/manifest.txt",
        "demo-support/a",
        "demo-support/b",
    ]
    assert packed[4:8] == b"\0\0\0\0"  # gzip's time


def test_the_manifest_lists_what_was_and_what_was_not_collected() -> None:
    packed = archive("demo", [Document(path="a", text="1")], [Gap(what="b", why="no")], Known())

    manifest = opened(packed)["demo-support/manifest.txt"]

    assert "Collected:\n  a (1 bytes)\n" in manifest
    assert manifest.endswith("Not collected:\n  b: no\n")


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        json.dumps(SECRET),
        quote(SECRET, safe=""),
        b64encode(SECRET.encode()).decode(),
        urlsafe_b64encode(SECRET.encode()).decode(),
        b64encode(b"x" + SECRET.encode() + b"y").decode(),
        b64encode(b"xy" + SECRET.encode() + b"yz").decode(),
        b64encode(b"xyz" + SECRET.encode() + b"xyz").decode(),
    ],
)
def test_a_known_secret_is_replaced_in_every_form(form: str) -> None:
    text = with_text(f"before {form} after", SECRET)

    assert "[secret]" in text
    assert form not in text
    # Only characters may be left that also depend on the text beside the secret.
    assert len(text) <= len("before [secret] after") + 12


def test_a_key_that_is_indented_or_escaped_is_replaced_line_by_line() -> None:
    lines = PEM.strip().split("\n")
    indented = "\n".join(f"    {line}" for line in lines[1:])
    escaped = "\\n".join(lines[1:])

    text = with_text(f"{indented}\nnext: {escaped}", PEM)

    assert [line for line in lines[1:-1] if line in text] == []


@pytest.mark.parametrize(
    "planted",
    [
        PEM,
        json.dumps({"key": PEM}),
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "Authorization: Bearer k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20v",
        "token: opensesame",
    ],
)
def test_unknown_text_that_looks_like_a_secret_is_replaced(planted: str) -> None:
    text = with_text(planted)

    for word in planted.replace("\\n", "\n").replace('"', " ").split():
        assert word not in text or len(word) < 12 or word in ("PRIVATE", "Authorization:")


def test_a_certificate_is_replaced_by_a_description() -> None:
    text = with_text(json.dumps({"anchors": certificate() * 2, "next": "text"}))

    (written,) = [json.loads(text)["anchors"]]
    assert written.count("[certificate of CN=root.linkerd.cluster.local by CN=root") == 2
    assert "until 2027-01-01T00:00:00+00:00, SHA-256 " in written
    assert "BEGIN" not in text
    assert json.loads(text)["next"] == "text"


def test_an_invalid_certificate_is_replaced() -> None:
    assert with_text("-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n") == "[secret]"


def test_a_secret_of_a_few_letters_is_not_searched_for() -> None:
    assert with_text("the west is west", "west") == "the west is west"


def test_only_its_owner_may_read_an_archive(tmp_path: Path) -> None:
    file = tmp_path / "a.tar.gz"
    file.write_text("old")

    write(gzip.compress(b""), file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["a.tar.gz"]
