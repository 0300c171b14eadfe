"""What the programs of all stacks of a project have in common: code, packages, engine, machine."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import linkmesh
from linkmesh import stacks
from linkmesh.stacks.project import FILE
from linkmesh.stacks.settings import FILE_VARIABLES
from linkmesh.stacks.stack_settings import ANCHOR_CERTIFICATE, read_settings, settings_file

from . import digest

# What settings of linkmesh, of providers and of Pulumi are called.
_PREFIXES = ("LINKMESH_", "AWS_", "PULUMI_", "HELM_", "KUBE")

# Another caller deploys the same; some of these have another value in each session.
_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
)

_ANCHOR = f"linkmesh:{ANCHOR_CERTIFICATE}"

# The longest path that a setting may name; anything longer is a value.
_PATH_MAX = 4096


def of_project(folder: Path, engine: str, environ: Mapping[str, str] = os.environ) -> str:
    """
    Return the digest of what all programs of a project depend on.

    Args:
        engine: version of `pulumi`.
    """
    variables = {
        name: value
        for name, value in environ.items()
        if name.startswith(_PREFIXES) and name not in _CREDENTIALS
    }
    paths = [value for name, value in variables.items() if name.startswith(FILE_VARIABLES)]
    packages = sorted({f"{each.name}=={each.version}" for each in metadata.distributions()})
    return digest.of_value(
        {
            "code": digest.of_files(_code()),
            "packages": packages,
            "python": sys.version,
            "engine": engine,
            "variables": variables,
            "files": digest.of_files(_named(paths, folder)),
            "project": digest.of_files([folder / FILE]),
        }
    )


def of_stack(folder: Path, stack: str) -> str | None:
    """
    Return the digest of a stack's settings and of the files that they name.

    None if they cannot be compared: Pulumi takes some of them from elsewhere (`environment`, Pulumi
    ESC), or they hold a trust anchor, of which each run checks how long it is valid.
    """
    file = settings_file(folder, stack)
    settings = read_settings(file)
    config = settings.get("config")
    config = config if isinstance(config, Mapping) else {}
    if "environment" in settings or any(str(key).startswith(_ANCHOR) for key in config):
        return None
    texts = [value for value in config.values() if isinstance(value, str)]
    return digest.of_files([file, *_named(texts, folder)])


def changed_after(moment: float, folder: Path) -> bool:
    """
    Return whether a module of the project, such as a description, was changed after a moment.

    Args:
        moment: in seconds since the epoch.
    """
    return any(file.stat().st_mtime > moment for file in _modules(folder) if file.exists())


def _modules(folder: Path) -> Iterator[Path]:
    """Find the modules of a project that are loaded, and so what its description consists of."""
    for module in [*sys.modules.values()]:
        file = getattr(module, "__file__", None)
        if file and file.startswith(f"{folder}/") and "site-packages" not in file:
            yield Path(file)


def _code() -> Iterator[Path]:
    """Find the code of the programs; descriptions are compared by what they say."""
    for package in (linkmesh, stacks):
        root = Path(str(package.__file__)).parent
        for file in sorted(root.rglob("*.py")):
            if file.relative_to(root).parts[0] not in ("cli", "environments"):
                yield file


def _named(values: Sequence[str], folder: Path) -> Iterator[Path]:
    """Find the files and folders that settings name, as seen from the project's folder."""
    for value in sorted(values):
        if 0 < len(value) < _PATH_MAX and "\n" not in value and "\0" not in value:
            path = folder / value
            if path.exists():
                yield path
