"""
What an environment needs on the machine of its operator, with versions and their sources.

Pinned versions are read from the files that pin them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from linkmesh.environment import Eks, Existing, Kind, Plan
from linkmesh.versions import KUBERNETES

from ..errors import PreconditionError

REQUIREMENTS = "requirements.txt"

# Source: pyproject.toml, requires-python
PYTHON = "3.11"

# The oldest with which all tests run. SDKs of parametrized packages, as that of kind, need 3.249 or
# newer. Source: pulumi/pulumi #24308
PULUMI = "3.259.0"

# Older ones answer `aws eks get-token` in a version that kubectl no longer takes.
# Source: Amazon EKS User Guide, "Connect kubectl to an EKS cluster by creating a kubeconfig file"
AWS_CLI = "2.12.3"
AWS_CLI_1 = "1.27.160"

# kubectl may be one minor version older or newer than an API server.
# Source: Kubernetes, "Version Skew Policy"
KUBECTL = f"1.{int(KUBERNETES.split('.')[1]) - 1}.0"

# Packages whose plugin has the package's name and version.
_WITH_PLUGIN = ("pulumi-kubernetes", "pulumi-tls", "pulumi-aws")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What is needed."""

    packages: Mapping[str, str]
    """Python packages and their pinned versions."""

    plugins: Mapping[str, str]
    """Pulumi's resource plugins and their pinned versions."""

    has_kind: bool
    """Whether there are kind clusters: they are containers."""

    has_eks: bool
    """Whether there are EKS clusters: logging in to them runs the AWS CLI."""

    existing: tuple[str, ...]
    """Existing clusters, which need a kubeconfig from the user."""

    stacks: tuple[str, ...]
    """Full names of the stacks."""


def needs_of(name: str, plan: Plan, folder: Path) -> Needs:
    """Return the needs of an environment, with the versions pinned in a folder."""
    clusters = plan.environment.clusters
    has_kind = any(isinstance(cluster, Kind) for cluster in clusters)
    has_eks = any(isinstance(cluster, Eks) for cluster in clusters)
    packages = pinned(_requirements(folder))
    plugins = {
        package.removeprefix("pulumi-"): packages[package]
        for package in _WITH_PLUGIN
        if package in packages and (has_eks or package != "pulumi-aws")
    }
    if has_kind:
        plugins |= bridged((folder / "Pulumi.yaml").read_text())
    return Needs(
        packages=packages,
        plugins=plugins,
        has_kind=has_kind,
        has_eks=has_eks,
        existing=tuple(each.name for each in clusters if isinstance(each, Existing)),
        stacks=tuple(f"{name}.{part}" for part in plan.parts),
    )


def _requirements(folder: Path) -> str:
    try:
        return (folder / REQUIREMENTS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise PreconditionError(
            f"project {folder} must have a file {REQUIREMENTS} (got: {why}). Installed packages "
            "are compared with it. Use: that of a project which mesh new makes"
        ) from None


def merged(needs: Sequence[Needs]) -> Needs:
    """Merge the needs of several environments."""
    return Needs(
        packages=needs[0].packages,
        plugins={plugin: version for each in needs for plugin, version in each.plugins.items()},
        has_kind=any(each.has_kind for each in needs),
        has_eks=any(each.has_eks for each in needs),
        existing=tuple(dict.fromkeys(name for each in needs for name in each.existing)),
        stacks=tuple(stack for each in needs for stack in each.stacks),
    )


def pinned(requirements: str) -> dict[str, str]:
    """Read the packages that requirements pin to one version."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", requirements, re.MULTILINE))


def bridged(project: str) -> dict[str, str]:
    """Read the plugins through which the packages of a Pulumi.yaml are run."""
    packages = yaml.safe_load(project).get("packages") or {}
    return {each["source"]: str(each["version"]) for each in packages.values()}
