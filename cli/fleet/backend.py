"""
Where the operator's stacks have their state and secrets, and what its pods need for it.

The same backend and secrets provider as of people and of CI: all of them deploy the same stacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import PreconditionError

CLOUD = "https://"
LOCAL = "file://"

SECRET = "linkmesh"
"""Name of the Secret with what a backend needs; its keys are the names of variables."""

# A stack without a file in the repository has its secrets provider in its state.
# Source: pulumi v3.259.0, sdk/go/common/env/env.go
_WITHOUT_FILE: Mapping[str, Any] = {
    "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": {"type": "Literal", "literal": {"value": "true"}}
}


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A backend for state, and what encrypts secrets in it."""

    url: str = ""
    """URL, e.g. `s3://states?region=eu-west-1`; empty for Pulumi Cloud."""

    secrets_provider: str = ""
    """URL of a key, e.g. `awskms://alias/mesh?region=eu-west-1`; empty for the default."""

    @property
    def is_cloud(self) -> bool:
        """Whether it is Pulumi Cloud, or a server of its kind."""
        return not self.url or self.url.startswith(CLOUD)

    @property
    def variables(self) -> list[str]:
        """Names of the variables that its pods need, from a Secret."""
        if self.is_cloud:
            return ["PULUMI_ACCESS_TOKEN"]
        return [] if self.secrets_provider else ["PULUMI_CONFIG_PASSPHRASE"]

    @property
    def spec(self) -> dict[str, Any]:
        """Its fields of a `Stack`."""
        fields: dict[str, Any] = {}
        if self.url:
            fields["backend"] = self.url
        if self.secrets_provider:
            fields["secretsProvider"] = self.secrets_provider
        fields["envRefs"] = {
            **_WITHOUT_FILE,
            **{key: secret_ref(SECRET, key) for key in self.variables},
        }
        return fields


def backend_of(variables: Mapping[str, str]) -> Backend:
    """
    Return the backend that this shell uses.

    Raises: PreconditionError, if only this machine has it.
    """
    url = variables.get("PULUMI_BACKEND_URL", "")
    if url.lower().startswith(LOCAL):
        raise PreconditionError(
            f"PULUMI_BACKEND_URL must be a backend that pods reach (got {url}). A folder of this "
            "machine has no state for them. Use, e.g.: "
            "PULUMI_BACKEND_URL='s3://states?region=eu-west-1'"
        )
    if url and "://" not in url:
        raise PreconditionError(
            f"PULUMI_BACKEND_URL must be a URL (got {url!r}). Pods would find no state. Use, e.g.: "
            "PULUMI_BACKEND_URL='s3://states?region=eu-west-1'"
        )
    return Backend(url=url, secrets_provider=variables.get("LINKMESH_SECRETS_PROVIDER", ""))


def secret_ref(name: str, key: str) -> dict[str, Any]:
    """Refer to a value in a Secret; the value is not part of the resource."""
    return {"type": "Secret", "secret": {"name": name, "key": key}}
