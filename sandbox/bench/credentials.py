"""
What links need of their targets, which each new cluster makes for itself; pure.

Addresses, authority and token are placeholders in the objects of a link until they are known.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

Object = dict[str, Any]

CREDENTIALS = "mirror.linkerd.io/remote-kubeconfig"
TOKEN = "kubernetes.io/service-account-token"
ACCOUNT = "kubernetes.io/service-account.name"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the links of one source need of one target."""

    target: str
    """The cluster that is called."""

    account: str
    """The service account on it."""

    def placeholder(self, what: str) -> str:
        """Name what stands for a value of the target until the value is known."""
        # Without blanks, at which YAML would break a long line.
        return f"<{what}-of-{self.account}-on-{self.target}>"


def with_placeholders(objects: Iterable[Object]) -> list[Credentials]:
    """Put placeholders into links and their Secrets, and return what these need."""
    found: dict[str, Credentials] = {}
    for each in objects:
        if each.get("type") == CREDENTIALS:
            config = yaml.safe_load(base64.b64decode(each.pop("data")["kubeconfig"]))
            known = Credentials(
                target=config["current-context"], account=config["users"][0]["name"]
            )
            found[known.target] = known
            config["clusters"][0]["cluster"] = {
                "server": known.placeholder("server"),
                "certificate-authority-data": known.placeholder("authority"),
            }
            config["users"][0]["user"]["token"] = known.placeholder("token")
            each["stringData"] = {"kubeconfig": yaml.safe_dump(config)}
        elif each["kind"] == "Link":
            known = found[each["spec"]["targetClusterName"]]
            each["spec"]["gatewayAddress"] = known.placeholder("gateway")
    return [*found.values()]


def token_name(objects: Iterable[Object], account: str) -> str:
    """Return the name of the Secret that gets the newest token of an account."""
    names = [
        each["metadata"]["name"]
        for each in objects
        if each.get("type") == TOKEN and each["metadata"]["annotations"][ACCOUNT] == account
    ]
    return str(names[-1])
