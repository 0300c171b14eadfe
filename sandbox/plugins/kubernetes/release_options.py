"""
The properties of a Helm release, and the options of Helm's commands that they stand for.

Two of them read oddly, and are as the genuine provider has them: hooks are left out of an install
by `disableWebhooks`, and of an upgrade by `disableCRDHooks`.
Source: pulumi-kubernetes provider/pkg/provider/helm_release.go helmCreate, helmUpdate
"""

from __future__ import annotations

from sandbox.plugins.framework import Properties

DEFAULT_SECONDS = 300

PROPERTIES = {
    "allowNullValues": bool,
    "atomic": bool,
    "cleanupOnFail": bool,
    "createNamespace": bool,
    "dependencyUpdate": bool,
    "description": str,
    "devel": bool,
    "disableCRDHooks": bool,
    "disableOpenapiValidation": bool,
    "disableWebhooks": bool,
    "forceUpdate": bool,
    "keyring": str,
    "lint": bool,
    "maxHistory": int,
    "name": str,
    "namespace": str,
    "postrender": str,
    "recreatePods": bool,
    "renderSubchartNotes": bool,
    "replace": bool,
    "repositoryOpts": {"*": str},
    "resetValues": bool,
    "reuseValues": bool,
    "skipAwait": bool,
    "skipCrds": bool,
    "takeOwnership": bool,
    "timeout": int,
    "values": {"*": object},
    "verify": bool,
    "version": str,
    "waitForJobs": bool,
}
"""All but the chart, by shape."""

BOTH = {
    "atomic": "--atomic",
    "dependencyUpdate": "--dependency-update",
    "devel": "--devel",
    "renderSubchartNotes": "--render-subchart-notes",
    "takeOwnership": "--take-ownership",
}
INSTALL = {
    "createNamespace": "--create-namespace",
    "disableOpenapiValidation": "--disable-openapi-validation",
    "disableWebhooks": "--no-hooks",
    "replace": "--replace",
    "skipCrds": "--skip-crds",
}
UPGRADE = {
    "cleanupOnFail": "--cleanup-on-fail",
    "disableCRDHooks": "--no-hooks",
    "forceUpdate": "--force",
    "recreatePods": "--recreate-pods",
    "resetValues": "--reset-values",
    "reuseValues": "--reuse-values",
}


def install_options(release: Properties) -> list[str]:
    """Make the options of `helm install`."""
    return _options(release, {**BOTH, **INSTALL})


def upgrade_options(release: Properties) -> list[str]:
    """Make the options of `helm upgrade`."""
    # Without a limit of its own Helm keeps ten revisions, the genuine provider all.
    return [
        *_options(release, {**BOTH, **UPGRADE}),
        "--history-max",
        str(release.get("maxHistory") or 0),
    ]


def _options(release: Properties, flags: dict[str, str]) -> list[str]:
    options = [flag for key, flag in flags.items() if release.get(key)]
    options += ["--timeout", f"{release.get('timeout') or DEFAULT_SECONDS}s"]
    if not release.get("skipAwait"):
        options.append("--wait")
        if release.get("waitForJobs"):
            options.append("--wait-for-jobs")
    if release.get("description"):
        options += ["--description", release["description"]]
    if release.get("postrender"):
        options += ["--post-renderer", release["postrender"]]
    return options
