"""What was seen of a machine, as plain values; and how versions compare."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What was seen; None means that it could not be told, or is not there."""

    python: str
    """Version of the Python that runs this."""

    packages: Mapping[str, str | None]
    """Installed versions of Python packages; None if one is not installed."""

    programs: Mapping[str, str | None]
    """Versions of the programs on PATH, "" if one does not tell; None if it is not there."""

    plugins: Mapping[str, Sequence[str]] | None = None
    """Installed versions of Pulumi's resource plugins."""

    docker_answers: bool | None = None
    """Whether Docker answers; None if nobody asked."""

    credentials: str = ""
    """Where credentials of AWS come from; empty if they do not."""

    caller: str | None = None
    """Who AWS says that calls; empty if it refuses, None if it was not asked."""

    backend: str | None = None
    """Where Pulumi keeps state; empty if nobody is logged in to it."""

    passphrase: str | None = None
    """Where the passphrase comes from; None if there is none."""

    stack_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Contents of the Pulumi.<stack>.yaml that exist, by stack."""

    secrets_provider: str = ""
    """What LINKMESH_SECRETS_PROVIDER says."""

    kubeconfigs: Mapping[str, str | None] = field(default_factory=dict)
    """By existing cluster: what is wrong with its kubeconfig, "" if nothing; None if unset."""

    has_policies: bool = False
    """Whether the environment of the policy pack is installed."""

    clock_is_right: bool | None = None
    """Whether the clock is synchronized."""


def version(text: str) -> tuple[int, ...]:
    """Take the numbers from a version; empty if there are none."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(number) for number in found.group().split(".")) if found else ()


def is_older(one: str, other: str) -> bool:
    """Compare two versions by their numbers."""
    return version(one) < version(other)
