"""
The provider's arguments: which are known, what they default to, and how the SDK sends them.

Everything but a string arrives as JSON text ("true", "{...}"), since providers are configured by
strings. Each argument may come from the environment instead, by the variable that the genuine
provider reads.
Source: pulumi_kubernetes/provider.py; pulumi-kubernetes provider/pkg/provider/provider.go Configure
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from sandbox.plugins.framework import UNKNOWN, Properties, Refused

# The order of evidence: argument, then variable, then off.
FLAGS = {
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "skipUpdateUnreachable": "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
    "suppressDeprecationWarnings": "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
    "suppressHelmHookWarnings": "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS",
}
TEXTS = ("kubeconfig", "context", "cluster", "namespace", "clusterIdentifier")
# Limits of the request rate; one sandbox's API server needs none.
IGNORED = ("kubeClientSettings",)
HELM_SETTINGS = {
    "driver": "HELM_DRIVER",
    "pluginsPath": "HELM_PLUGINS",
    "registryConfigPath": "HELM_REGISTRY_CONFIG",
    "repositoryConfigPath": "HELM_REPOSITORY_CONFIG",
    "repositoryCache": "HELM_REPOSITORY_CACHE",
}
# What makes files or other objects instead of what the program says.
REFUSED_IF_SET = {
    "renderYamlToDirectory": "manifests would be written to files",
    "alwaysRender": "manifests would be written to files",
    "strictMode": "the default provider would be forbidden",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The arguments of one provider resource."""

    kubeconfig: str = field(default="", repr=False)
    """Contents or path; empty for the user's own."""
    context: str | None = None
    cluster: str | None = None
    namespace: str | None = None
    delete_unreachable: bool = False
    skip_update_unreachable: bool = False
    enable_patch_force: bool = False
    enable_config_map_mutable: bool = False
    enable_secret_mutable: bool = False
    helm: dict[str, str] = field(default_factory=dict)
    """Helm's environment variables, by name."""

    @classmethod
    def of(cls, config: Properties) -> Settings:
        """Read the arguments as the engine configures them."""
        flags = {name: _flag(config, name, variable) for name, variable in FLAGS.items()}
        helm = _json(config.get("helmReleaseSettings"), "helmReleaseSettings") or {}
        return cls(
            kubeconfig=_text(config.get("kubeconfig")),
            context=_text(config.get("context")) or None,
            cluster=_text(config.get("cluster")) or None,
            namespace=_text(config.get("namespace")) or None,
            delete_unreachable=flags["deleteUnreachable"],
            skip_update_unreachable=flags["skipUpdateUnreachable"],
            enable_patch_force=flags["enablePatchForce"],
            enable_config_map_mutable=flags["enableConfigMapMutable"],
            enable_secret_mutable=flags["enableSecretMutable"],
            helm={
                HELM_SETTINGS[key]: str(value) for key, value in helm.items() if value is not None
            },
        )


def checked_arguments(news: Properties) -> Properties:
    """Refuse arguments that are unknown, or that the sandbox does not imitate."""
    failures = []
    for key, value in news.items():
        if value is None or value is UNKNOWN:
            continue
        if key in REFUSED_IF_SET and value not in ("", "false", False):
            failures.append((key, f"'{key}' must not be set in the sandbox: {REFUSED_IF_SET[key]}"))
        elif key not in (*FLAGS, *TEXTS, *IGNORED, *REFUSED_IF_SET, "helmReleaseSettings"):
            failures.append(
                (key, f"'{key}' must be an argument that the imitated provider knows (it does not)")
            )
    if not _flag(news, "enableServerSideApply", FLAGS["enableServerSideApply"], default=True):
        why = "must not be false: the sandbox has no client's patch, which would keep other fields"
        failures.append(("enableServerSideApply", why))
    if _flag(news, "upsertExistingObjects", FLAGS["upsertExistingObjects"]):
        failures.append(
            ("upsertExistingObjects", "the sandbox never takes over an existing object")
        )
    failures += _helm_failures(news)
    if failures:
        raise Refused.all(failures)
    return news


def _helm_failures(news: Properties) -> list[tuple[str, str]]:
    given = news.get("helmReleaseSettings")
    if given is None or given is UNKNOWN:
        return []
    settings = _json(given, "helmReleaseSettings") or {}
    unknown = sorted(set(settings) - set(HELM_SETTINGS))
    if unknown:
        known = ", ".join(HELM_SETTINGS)
        return [("helmReleaseSettings", f"{', '.join(unknown)} must be one of {known}")]
    if settings.get("driver") not in (None, "secret"):
        return [
            (
                "helmReleaseSettings",
                "driver must be 'secret': the sandbox reads releases from Secrets",
            )
        ]
    return []


def _flag(config: Properties, name: str, variable: str, *, default: bool = False) -> bool:
    value: Any = config.get(name)
    if value is UNKNOWN:
        return default
    if value is None:
        value = os.environ.get(variable)
    if value is None:
        return default
    return value is True or value == "true"


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return value if isinstance(value, str) else ""


def _json(value: Any, name: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(f"failed to unmarshal {name} option: it must be JSON", name) from None
