"""
Takes out of a text whatever looks like a secret; pure.

The engine masks the secrets it knows. This is for those it does not: a provider's error may quote
what it was given. Rather too much is taken than too little.
"""

import re

HIDDEN = "[secret]"

_PATTERNS = (
    # PEM of any private key, also where its lines are joined by a written "\n".
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    # JSON web tokens: those of service accounts, and of OIDC.
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"),
    # Access keys of AWS, by their prefixes.
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    # Whatever is as long and as even as a key is: base64 and hexadecimal of 24 bytes and more.
    re.compile(
        r"(?<![\w+/=.:-])(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])(?=[\w+/-]*\d)[\w+/-]{32,}={0,2}"
    ),
    re.compile(r"\b[0-9a-f]{48,}\b"),
)

# A key and its value, as YAML, JSON, an assignment or a command's option has them.
_NAMED = re.compile(
    r"(?i)\b((?:[\w-]*[_-])?(?:token|password|passphrase|secret|client-key-data|private_?key(?:pem)?"
    r"|secret_?access_?key)[\"']?\s*[:=]\s*[\"']?)(?!\[secret\])([^\s\"',}]{6,})"
)


def redacted(text: str) -> str:
    """Replace what looks like a secret."""
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return _NAMED.sub(rf"\1{HIDDEN}", text)
