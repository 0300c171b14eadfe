"""The observed state of a machine, and comparison of versions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The observed state; None means unknown, or not installed."""

    python: str
    """Version of the Python that runs this."""

    packages: Mapping[str, str | None]
    """Installed versions of Python packages; None if one is not installed."""

    programs: Mapping[str, str | None]
    """Versions of the programs on PATH; "" if unknown, None if not installed."""

    plugins: Mapping[str, Sequence[str]] | None = None
    """Installed versions of Pulumi's resource plugins."""

    docker_answers: bool | None = None
    """Whether Docker answers; None if it was not checked."""

    credentials: str = ""
    """Source of AWS credentials; empty if there is none."""

    caller: str | None = None
    """Identity of the caller on AWS; empty if the call failed, None if it was not asked."""

    backend: str | None = None
    """Where Pulumi stores state; empty if there is no login."""

    passphrase: str | None = None
    """Source of the passphrase; None if there is none."""

    stack_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Contents of the Pulumi.<stack>.yaml that exist, by stack."""

    secrets_provider: str = ""
    """Value of LINKMESH_SECRETS_PROVIDER."""

    kubeconfigs: Mapping[str, str | None] = field(default_factory=dict)
    """By existing cluster: what is wrong with its kubeconfig, "" if nothing; None if unset."""

    has_policies: bool | None = None
    """Whether the environment of the policy pack is installed; None if the project has no pack."""

    clock_is_right: bool | None = None
    """Whether the clock is synchronized."""


def version(text: str) -> tuple[int, ...]:
    """Return the numbers of a version; empty if there are none."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(number) for number in found.group().split(".")) if found else ()


def is_older(one: str, other: str) -> bool:
    """Compare two versions by their numbers."""
    return version(one) < version(other)
