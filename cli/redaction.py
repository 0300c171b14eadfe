"""
Redaction: replaces everything in a text that looks like a secret.

The engine masks the secrets that it knows. This module handles others: the error of a provider may
quote its input. It replaces rather too much than too little. Callers that know secrets by their
values can pass them; these are searched for as they are, escaped and in base64.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import dumps
from urllib.parse import quote

HIDDEN = "[secret]"

_PATTERNS = (
    # PEM of any private key, also if its lines are joined by a literal "\n".
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    # JSON web tokens: those of service accounts, and of OIDC.
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"),
    # HTTP bearer tokens, and tokens that AWS issues for EKS.
    re.compile(r"(?i)(?<=\bbearer )[\w.~+/-]{8,}=*"),
    re.compile(r"\bk8s-aws-v1\.[\w-]+"),
    # Access keys of AWS, by their prefixes.
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    # Everything as long and random-looking as a key: base64 and hexadecimal of 24 bytes and more.
    re.compile(
        r"(?<![\w+/=.:-])(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])(?=[\w+/-]*\d)[\w+/-]{32,}={0,2}"
    ),
    re.compile(r"\b[0-9a-f]{48,}\b"),
)

# A key and its value in YAML, JSON, an assignment or a command's option, but not in a URN:
# tls:index/privateKey:PrivateKey, Secret::name.
_NAMED = re.compile(
    r"(?i)(?<!/)\b((?:[\w-]*[_-])?(?:token|password|passphrase|secret|client-key-data|private_?key(?:pem)?"
    r"|secret_?access_?key)[\"']?\s*[:=]\s*[\"']?)(?!\[secret\]|:)([^\s\"',}]{6,})"
)


# Lines of a known secret that are at least this long are searched for separately: YAML indents
# them.
LINE = 20

# Shorter values occur in many texts by chance.
SHORTEST = 8


@dataclass(frozen=True)
class Known:
    """Secrets that are known by their values."""

    forms: tuple[str, ...] = ()
    """All forms that are searched for, longest first."""

    @classmethod
    def of(cls, secrets: Iterable[str]) -> "Known":
        """Prepare secrets for the search; those of a few characters are skipped."""
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        return cls(tuple(sorted(forms, key=lambda form: (-len(form), form))))

    def redact(self, text: str) -> str:
        """Replace each of the secrets."""
        for form in self.forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text


NOTHING = Known()


def redacted(text: str, known: Known = NOTHING) -> str:
    """Replace known secrets, and everything that looks like a secret."""
    text = known.redact(text)
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return _NAMED.sub(rf"\1{HIDDEN}", text)


_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----(\\n|\s)*", re.S)


def describe_certificates(text: str) -> str:
    """Replace certificates, which are public but look like keys, by a description."""
    return _CERTIFICATE.sub(lambda found: _certificate(found.group()), text)


def _certificate(pem: str) -> str:
    # Imported here because it loads slowly, and most commands never have a certificate to describe.
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    lines = pem.replace("\\n", "\n").split("\n")
    try:
        read = x509.load_pem_x509_certificate("\n".join(map(str.strip, lines)).encode())
    except ValueError:
        return HIDDEN
    until = read.not_valid_after_utc.isoformat()
    # With colons, as openssl writes it, so that it does not look like a key.
    fingerprint = read.fingerprint(SHA256()).hex(":")
    subject, issuer = (
        name.rfc4514_string().replace('"', "'").replace("\\", "")
        for name in (read.subject, read.issuer)
    )
    return f"[certificate of {subject} by {issuer} until {until}, SHA-256 {fingerprint}]"


def _forms(secret: str) -> Iterator[str]:
    """List the forms in which a secret may be written."""
    bare = secret.strip()
    for each in {secret, bare, *_lines(bare)}:
        if len(each) < SHORTEST:
            continue
        yield from (each, dumps(each)[1:-1], quote(each, safe=""))
        for encoded in _in_base64(each.encode()):
            yield from (encoded, encoded.replace("+", "-").replace("/", "_"))


def _lines(secret: str) -> Iterator[str]:
    if "-----BEGIN" in secret:
        for line in secret.split("\n"):
            if len(line) >= LINE and not line.startswith("-----"):
                yield line.strip()


def _in_base64(secret: bytes) -> Iterator[str]:
    """
    Encode a secret, also as part of a longer text.

    Three bytes become four characters, so there are three alignments; characters that also depend
    on the text before or after the secret are left out.
    """
    yield b64encode(secret).decode().rstrip("=")
    for before, letters in ((0, 0), (1, 2), (2, 3)):
        whole = secret[: len(secret) - (len(secret) + before) % 3]
        yield b64encode(bytes(before) + whole).decode()[letters:]
