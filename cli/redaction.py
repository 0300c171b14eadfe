"""
Takes out of a text whatever looks like a secret; pure.

The engine masks the secrets it knows. This is for those it does not: a provider's error may quote
what it was given. Rather too much is taken than too little. Who knows secrets by their values has
them looked for too, as they are and in base64.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import dumps
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

HIDDEN = "[secret]"

_PATTERNS = (
    # PEM of any private key, also where its lines are joined by a written "\n".
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    # JSON web tokens: those of service accounts, and of OIDC.
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"),
    # What stands where HTTP has a token, and tokens that AWS makes for EKS.
    re.compile(r"(?i)(?<=\bbearer )[\w.~+/-]{8,}=*"),
    re.compile(r"\bk8s-aws-v1\.[\w-]+"),
    # Access keys of AWS, by their prefixes.
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    # Whatever is as long and as even as a key is: base64 and hexadecimal of 24 bytes and more.
    re.compile(
        r"(?<![\w+/=.:-])(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])(?=[\w+/-]*\d)[\w+/-]{32,}={0,2}"
    ),
    re.compile(r"\b[0-9a-f]{48,}\b"),
)

# A key and its value, as YAML, JSON, an assignment or a command's option has them. Those of a URN
# are none: tls:index/privateKey:PrivateKey, Secret::name.
_NAMED = re.compile(
    r"(?i)(?<!/)\b((?:[\w-]*[_-])?(?:token|password|passphrase|secret|client-key-data|private_?key(?:pem)?"
    r"|secret_?access_?key)[\"']?\s*[:=]\s*[\"']?)(?!\[secret\]|:)([^\s\"',}]{6,})"
)


# Of a known secret that has lines, those of this length are looked for alone: YAML indents them.
LINE = 20

# What is shorter stands in many texts by chance.
SHORTEST = 8


@dataclass(frozen=True)
class Known:
    """Secrets that are known by their values."""

    forms: tuple[str, ...] = ()
    """All forms in which they are looked for, longest first."""

    @classmethod
    def of(cls, secrets: Iterable[str]) -> "Known":
        """Know some secrets; those of a few letters cannot be looked for."""
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        return cls(tuple(sorted(forms, key=lambda form: (-len(form), form))))

    def taken_out(self, text: str) -> str:
        """Replace each of them."""
        for form in self.forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text


NOTHING = Known()


def redacted(text: str, known: Known = NOTHING) -> str:
    """Replace what is known to be a secret, and what looks like one."""
    text = known.taken_out(text)
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return _NAMED.sub(rf"\1{HIDDEN}", text)


_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----(\\n|\s)*", re.S)


def certificates_told(text: str) -> str:
    """Replace certificates, which are public but look like keys, by what they say."""
    return _CERTIFICATE.sub(lambda found: _told(found.group()), text)


def _told(pem: str) -> str:
    lines = pem.replace("\\n", "\n").split("\n")
    try:
        read = x509.load_pem_x509_certificate("\n".join(map(str.strip, lines)).encode())
    except ValueError:
        return HIDDEN
    until = read.not_valid_after_utc.isoformat()
    # With colons, as openssl writes it: it is no key.
    fingerprint = read.fingerprint(SHA256()).hex(":")
    subject, issuer = (
        name.rfc4514_string().replace('"', "'").replace("\\", "")
        for name in (read.subject, read.issuer)
    )
    return f"[certificate of {subject} by {issuer} until {until}, SHA-256 {fingerprint}]"


def _forms(secret: str) -> Iterator[str]:
    """List how a secret may be written."""
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
    Encode a secret, also as a part of something longer.

    Three bytes are four letters, so it may begin at three places; letters that also depend on what
    stands before or after it are left out.
    """
    yield b64encode(secret).decode().rstrip("=")
    for before, letters in ((0, 0), (1, 2), (2, 3)):
        whole = secret[: len(secret) - (len(secret) + before) % 3]
        yield b64encode(bytes(before) + whole).decode()[letters:]
