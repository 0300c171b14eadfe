"""
Reading a kubeconfig: which cluster is meant, and with which credentials it is called.

A kubeconfig comes as text or as the path of a file. Client certificates, tokens and `exec` plugins
are known; whatever else would change who we are or whom we call is refused, since ignoring it would
call the wrong one. Nothing here connects to anything; `exec` programs are run by `credentials()`
only.
Source: k8s.io/client-go v0.35 tools/clientcmd/api/v1/types.go
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

# A C loader, where PyYAML has one, reads a kubeconfig in a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CLUSTER_KEYS = {
    "server",
    "certificate-authority",
    "certificate-authority-data",
    "insecure-skip-tls-verify",
    "tls-server-name",
    "disable-compression",
    "extensions",
}
USER_KEYS = {
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "exec",
    "extensions",
}


class KubeconfigError(Exception):
    """A kubeconfig that cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The one cluster, user and namespace that a kubeconfig selects."""

    server: str
    ca_pem: str
    """Certificates that the server's must stand on; empty means those of the system."""
    verify: bool
    server_name: str
    namespace: str
    user: dict[str, Any] = field(repr=False)
    cluster: dict[str, Any] = field(repr=False)

    def document(self) -> str:
        """Write a kubeconfig of this one target, for programs that need a file."""
        entry = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "target",
            "clusters": [{"name": "target", "cluster": self.cluster}],
            "users": [{"name": "target", "user": self.user}],
            "contexts": [
                {
                    "name": "target",
                    "context": {"cluster": "target", "user": "target", "namespace": self.namespace},
                }
            ],
        }
        return json.dumps(entry)


def parse(text_or_path: str) -> dict[str, Any]:
    """Read a kubeconfig from its text, or from the file at that path."""
    text = text_or_path
    path = Path(text_or_path).expanduser() if "\n" not in text_or_path else None
    if path is not None and _is_file(path):
        text = path.read_text()
    try:
        document = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        # The error's own text quotes the document, which holds keys.
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise KubeconfigError(f"couldn't parse the kubeconfig as YAML{where}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise KubeconfigError(
            "a kubeconfig must be a YAML mapping or the path of a file (it is neither)"
        )
    return document


def ambient() -> dict[str, Any]:
    """Read the user's own kubeconfig: the first file of $KUBECONFIG, or ~/.kube/config."""
    for name in os.environ.get("KUBECONFIG", "").split(os.pathsep):
        if name and Path(name).is_file():
            return parse(name)
    usual = Path.home() / ".kube" / "config"
    if not usual.is_file():
        raise KubeconfigError("no configuration has been provided, and there is no ~/.kube/config")
    return parse(str(usual))


def active_cluster(
    config: dict[str, Any], *, context: str | None = None, cluster: str | None = None
) -> dict[str, Any] | None:
    """Give the entry of the cluster that would be called; None if it cannot be told."""
    chosen = _named(config, "contexts", context or config.get("current-context", ""))
    if chosen is None:
        return None
    name = cluster or (chosen.get("context") or {}).get("cluster", "")
    entry = _named(config, "clusters", name)
    return None if entry is None else (entry.get("cluster") or {})


def select(
    config: dict[str, Any],
    *,
    context: str | None = None,
    cluster: str | None = None,
    namespace: str | None = None,
) -> Target:
    """Choose cluster, user and namespace; refuse what is missing or not understood."""
    wanted = context or config.get("current-context") or ""
    chosen = _named(config, "contexts", wanted)
    if chosen is None:
        raise KubeconfigError(
            f"context {wanted!r} does not exist"
            if wanted
            else "no current context is set, and none was given"
        )
    inside = chosen.get("context") or {}
    name = cluster or inside.get("cluster", "")
    entry = _named(config, "clusters", name)
    if entry is None:
        raise KubeconfigError(f"cluster {name!r} of context {wanted!r} does not exist")
    user = _named(config, "users", inside.get("user", "")) or {}
    return _target(
        entry.get("cluster") or {},
        user.get("user") or {},
        namespace or inside.get("namespace") or "",
    )


def _target(cluster: dict[str, Any], user: dict[str, Any], namespace: str) -> Target:
    refuse_unknown("cluster", cluster, CLUSTER_KEYS)
    refuse_unknown("user", user, USER_KEYS)
    server = cluster.get("server") or ""
    if not server.startswith(("https://", "http://")):
        raise KubeconfigError(f"the cluster's server must be a URL (got {server!r})")
    return Target(
        server=server.rstrip("/"),
        ca_pem=pem(cluster, "certificate-authority"),
        verify=not cluster.get("insecure-skip-tls-verify", False),
        server_name=cluster.get("tls-server-name") or "",
        namespace=namespace or "default",
        user=user,
        cluster=cluster,
    )


def pem(entry: dict[str, Any], key: str) -> str:
    """Read embedded data, or else the file that the entry names."""
    data = entry.get(f"{key}-data")
    if data:
        try:
            return base64.b64decode(data).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise KubeconfigError(f"{key}-data must be base64 of PEM (it is not)") from None
    if entry.get(key):
        path = Path(entry[key]).expanduser()
        if not path.is_file():
            raise KubeconfigError(f"unable to read {key} {str(path)!r}: no such file")
        return path.read_text()
    return ""


def _named(config: dict[str, Any], section: str, name: str) -> dict[str, Any] | None:
    for entry in config.get(section) or []:
        if entry.get("name") == name:
            return cast("dict[str, Any]", entry)
    return None


def refuse_unknown(what: str, entry: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise KubeconfigError(
            f"{what} of the kubeconfig must not have {', '.join(unknown)}. The sandbox does not "
            "imitate it; "
            f"known are {', '.join(sorted(known))}"
        )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a path can be: it is the text itself
        return False
