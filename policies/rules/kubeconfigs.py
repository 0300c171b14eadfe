"""
Rules on kubeconfigs: tokens for EKS are fetched when they are used.

Messages never quote a kubeconfig.
"""

import json
from collections.abc import Iterator
from typing import Any

from .rule import ForEach, Resource, Rule

PROVIDER = "pulumi:providers:kubernetes"
EKS_DOMAIN = ".eks.amazonaws.com"
STORED = ("token", "password", "client-key-data")


def _stored_credentials(provider: Resource) -> Iterator[str]:
    text = provider.at("kubeconfig")
    if not isinstance(text, str) or EKS_DOMAIN not in text:
        return
    if any(key in STORED for key in _keys(text)):
        yield (
            "a kubeconfig of EKS must fetch its token when it is used (got a stored one, a "
            "secret). It would be in the state while it is valid. Use: `aws eks get-token`"
        )


def _keys(text: str) -> set[str]:
    """List the keys of a kubeconfig, JSON or YAML, without its values."""
    try:
        return set(_keys_of(json.loads(text)))
    except ValueError:
        return {line.strip(" -").partition(":")[0] for line in text.splitlines() if ":" in line}


def _keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _keys_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys_of(item)


RULES = (
    Rule(
        name="kubeconfig-without-token",
        description="Kubeconfigs of EKS contain no credentials.",
        source="EKS best practices guide, security/iam (get-token lives 15 minutes)",
        check=ForEach(type=PROVIDER, check=_stored_credentials),
    ),
)
