"""
Reads the state of this machine: runs programs to get their versions, and reads files.

It changes nothing, calls no cloud without `--cloud`, and returns no secret: of a passphrase or a
credential only the source. A program that does not answer within some seconds is unknown.
"""

import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from platform import python_version
from shutil import which
from urllib.parse import unquote, urlsplit

from linkmesh.stacks.settings import kubeconfig_variable
from linkmesh.stacks.stack_settings import KUBECONFIG, read_settings, settings_file

from ..runs.output import output_of
from ..runs.policies import has_pack, packs
from .machine import Machine
from .needs import Needs

# Arguments with which each program prints its version.
_VERSIONS = {
    "pulumi": ("version",),
    "kubectl": ("version", "--client", "--output=json"),
    "docker": ("--version",),
    "aws": ("--version",),
}


def probe(needs: Needs, folder: Path, *, asks_cloud: bool) -> Machine:
    """Read everything that the needs require."""
    programs = [name for name in _VERSIONS if name != "aws" or needs.has_eks]
    programs = [name for name in programs if name != "docker" or needs.has_kind]
    environ = os.environ
    with ThreadPoolExecutor() as pool:
        versions = {name: pool.submit(_version, name) for name in programs}
        plugins = pool.submit(_plugins, folder)
        backend = pool.submit(_backend, environ, folder)
        docker = pool.submit(_docker_answers) if needs.has_kind else None
        caller = pool.submit(_caller) if asks_cloud and needs.has_eks else None
        clock = pool.submit(_clock_is_right)
    settings = stack_settings(needs, folder)
    return Machine(
        python=python_version(),
        packages={package: installed(package) for package in needs.packages},
        programs={name: version.result() for name, version in versions.items()},
        plugins=plugins.result(),
        docker_answers=docker.result() if docker else None,
        credentials=credentials(environ, Path.home()),
        caller=caller.result() if caller else None,
        backend=backend.result(),
        passphrase=passphrase(environ),
        stack_settings=settings,
        secrets_provider=environ.get("LINKMESH_SECRETS_PROVIDER", ""),
        kubeconfigs={
            stack.rpartition(".")[2]: _kubeconfig(stack.rpartition(".")[2], environ, file, folder)
            for stack, file in ((each, settings.get(each)) for each in needs.stacks)
            if stack.rpartition(".")[2] in needs.existing
        },
        has_policies=bool(packs(folder)) if has_pack(folder) else None,
        clock_is_right=clock.result(),
    )


def _version(program: str) -> str | None:
    """Return the version of a program; "" if unknown, None if it does not exist."""
    if which(program) is None:
        return None
    output = re.search(r"v?(\d+(?:\.\d+)+)", _version_text(program))
    return output.group(1) if output else ""


def _version_text(program: str) -> str:
    output = output_of(program, *_VERSIONS[program]) or ""
    if program != "kubectl" or not output:
        return output
    try:
        return str(json.loads(output)["clientVersion"]["gitVersion"])
    except (ValueError, KeyError, TypeError):
        return ""


def installed(package: str) -> str | None:
    """Return the version of an installed Python package; None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _plugins(folder: Path) -> dict[str, list[str]] | None:
    output = output_of("pulumi", "plugin", "ls", "--json", folder=folder)
    try:
        listed = json.loads(output or "")
    except ValueError:
        return None
    found: dict[str, list[str]] = {}
    for each in listed:
        if each.get("kind") == "resource" and each.get("version"):
            found.setdefault(each["name"], []).append(each["version"])
    return found


def _backend(environ: Mapping[str, str], folder: Path) -> str | None:
    """Return where Pulumi stores state; a backend in a variable is not called, it may be S3."""
    named = environ.get("PULUMI_BACKEND_URL")
    if named:
        return named_backend(named)
    output = output_of("pulumi", "whoami", "--json", "--non-interactive", folder=folder)
    if output is None:
        return None if which("pulumi") and environ.get("PULUMI_ACCESS_TOKEN") else ""
    try:
        return without_password(str(json.loads(output)["url"]))
    except (ValueError, KeyError, TypeError):
        return None


def named_backend(url: str) -> str:
    """Return the address of a backend; empty if it is a folder that does not exist."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not Path(unquote(parts.path)).expanduser().is_dir():
        return "" if not parts.path.startswith("/~") and parts.netloc != "~" else url
    return without_password(url)


def without_password(url: str) -> str:
    """Remove user and password from an address."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in url else url


def _docker_answers() -> bool:
    return output_of("docker", "info", "--format", "{{.ServerVersion}}") is not None


def credentials(environ: Mapping[str, str], home: Path) -> str:
    """
    Return the source of AWS credentials, in the order of the SDKs; empty if there is none.

    Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers"
    """
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ):
        if environ.get(name):
            return f"by {name}"
    files = {
        "AWS_SHARED_CREDENTIALS_FILE": home / ".aws" / "credentials",
        "AWS_CONFIG_FILE": home / ".aws" / "config",
    }
    for name, usual in files.items():
        file = Path(environ.get(name) or usual)
        if file.is_file() and file.stat().st_size:
            return f"by {file}"
    return ""


def _caller() -> str:
    """Ask AWS for the caller's identity; empty if the call fails."""
    output = output_of("aws", "sts", "get-caller-identity", "--output", "json")
    try:
        return str(json.loads(output or "")["Arn"])
    except (ValueError, KeyError, TypeError):
        return ""


def passphrase(environ: Mapping[str, str]) -> str | None:
    """Return the source of the passphrase, which may be empty but not unset."""
    file = environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if "PULUMI_CONFIG_PASSPHRASE" in environ:
        return "by PULUMI_CONFIG_PASSPHRASE"
    if file and os.access(file, os.R_OK):
        return "by PULUMI_CONFIG_PASSPHRASE_FILE"
    return None


def stack_settings(needs: Needs, folder: Path) -> dict[str, Mapping[str, object]]:
    """Read the settings files of the stacks that have one."""
    read = {stack: read_settings(settings_file(folder, stack)) for stack in needs.stacks}
    return {stack: settings for stack, settings in read.items() if settings}


def _kubeconfig(
    cluster: str,
    environ: Mapping[str, str],
    settings: Mapping[str, object] | None,
    folder: Path,
) -> str | None:
    """Return what is wrong with the kubeconfig of a cluster; "" if nothing, None if it has none."""
    config = (settings or {}).get("config")
    if isinstance(config, Mapping) and KUBECONFIG in config:
        setting = config[KUBECONFIG]
        is_secret = isinstance(setting, Mapping) and "secure" in setting
        return "" if is_secret else "set, but not as a secret"
    path = environ.get(kubeconfig_variable(cluster))
    if not path:
        return None
    # Imported here because it loads the Kubernetes SDK, which takes a second.
    from linkmesh.existing_cluster import current_cluster

    try:
        # Programs run in the project's folder, from which a relative path is seen.
        current_cluster((folder / path).read_text())
    except (OSError, UnicodeDecodeError) as error:
        return f"{path} cannot be read ({type(error).__name__})"
    except (ValueError, TypeError, KeyError):
        return f"{path} is not a kubeconfig with a current cluster"
    return ""


def _clock_is_right() -> bool | None:
    output = output_of("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return {"yes": True, "no": False}.get((output or "").strip())
