"""
Running the genuine Helm, and reading the releases it keeps in the cluster.

Helm gets a kubeconfig file of the one target, readable by us alone and removed afterwards, values
on standard input, and caches inside the sandbox's home. A release is read from the Secret in which
Helm stores it: one request instead of two programs. Neither values nor what Helm prints is logged,
since both may hold secrets.
Source: helm v3.21 pkg/storage/driver/{secrets,util}.go
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.home import TOOLCHAIN, Home, SandboxError
from sandbox.plugins.framework import Properties, Refused
from sandbox.plugins.kubernetes.api import Api
from sandbox.plugins.kubernetes.kubeconfig import Target

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LOOK_SECONDS = 0.5
"""How often a running Helm is left for a look at whether the user has interrupted."""

# What a chart renders may be a megabyte of definitions; only these members name an object.
_NAMING = re.compile(
    r"^(?:apiVersion|kind):[^\n]*\n|^metadata:[^\n]*\n(?:[ \t#][^\n]*\n|\n)*", re.MULTILINE
)
_PREFIX = re.compile(r"^(?:INSTALLATION|UPGRADE) FAILED: ")


class HelmError(Refused):
    """What Helm said when it failed."""


class Helm:
    """Helm for one cluster, or for none as long as only charts are looked at."""

    def __init__(
        self, target: Target | None, environment: dict[str, str], cancelled: threading.Event
    ) -> None:
        self._target = target
        self._environment = environment
        self._cancelled = cancelled

    def look(self, arguments: list[str]) -> str:
        """Run Helm where no cluster is needed."""
        return self._run(arguments, b"")

    def run(
        self, arguments: Sequence[str], *, namespace: str, values: Properties | None = None
    ) -> str:
        """Run Helm against the cluster; values go in on standard input."""
        assert self._target is not None, "asked for only when the cluster could be reached"
        with _private_file(_folder("tmp"), self._target.document()) as kubeconfig:
            whole = [*arguments, "--namespace", namespace, "--kubeconfig", str(kubeconfig)]
            if values is None:
                return self._run(whole, b"")
            return self._run([*whole, "--values", "-"], json.dumps(values).encode())

    def _run(self, arguments: Sequence[str], given: bytes) -> str:
        # A pipe would have to be fed while we look at interrupts; this file has no name.
        descriptor = os.memfd_create("values")
        try:
            os.write(descriptor, given)
            os.lseek(descriptor, 0, os.SEEK_SET)
            process = subprocess.Popen(
                [_program(), *arguments],
                env=self._variables(),
                stdin=descriptor,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        finally:
            os.close(descriptor)
        while True:
            try:
                printed, said = process.communicate(timeout=LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if self._cancelled.is_set():
                    process.terminate()  # Helm notes the release as failed, and ends
        if process.returncode != 0:
            raise HelmError(_error(said.decode(errors="replace")))
        return printed.decode(errors="replace")

    def _variables(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HELM_")}
        # The user's own Helm must neither change what happens here nor be changed.
        own = {
            "HELM_CACHE_HOME": str(_folder("cache")),
            "HELM_CONFIG_HOME": str(_folder("config")),
            "HELM_DATA_HOME": str(_folder("data")),
        }
        return {**kept, **own, **self._environment}


def find_release(api: Api, namespace: str, name: str) -> dict[str, Any] | None:
    """Read the newest revision of a release from the cluster; None if there is none."""
    stored = api.list_objects("v1", "Secret", namespace, labels=f"owner=helm,name={name}")
    if not stored:
        return None
    newest = max(stored, key=lambda one: int(one["metadata"]["labels"]["version"]))
    # Kubernetes' base64 around Helm's own.
    packed = base64.b64decode(base64.b64decode(newest["data"]["release"]))
    found = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    return found if isinstance(found, dict) else None


def resource_names(manifest: str) -> dict[str, list[str]]:
    """Name the objects of a manifest, by kind: {"Service/v1": ["default/web"]}."""
    names: dict[str, set[str]] = {}
    for text in re.split(r"^---\s*$", manifest, flags=re.MULTILINE):
        obj = _named(text)
        if not isinstance(obj, dict) or not obj.get("kind"):
            continue
        version = str(obj.get("apiVersion", ""))
        group = version.rpartition("/")[0]
        metadata = obj.get("metadata") or {}
        space = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
        key = f"{obj['kind']}{f'.{group}' if group else ''}/{version}"
        names.setdefault(key, set()).add(f"{space}{metadata.get('name')}")
    return {key: sorted(value) for key, value in names.items()}


def _named(text: str) -> Any:
    short = "".join(_NAMING.findall(text + "\n"))
    loaded = yaml.load(short, Loader=_LOADER) if short else None
    if isinstance(loaded, dict) and {"apiVersion", "kind", "metadata"} <= set(loaded):
        return loaded
    return yaml.load(text, Loader=_LOADER)


def _error(said: str) -> str:
    """Give what Helm calls its error, without warnings and the command's prefix."""
    _, found, message = said.rpartition("Error: ")
    return _PREFIX.sub("", (message if found else said).strip())


def _program() -> str:
    for folder in (_home().bin, TOOLCHAIN / "bin"):
        if (folder / "helm").exists():
            return str(folder / "helm")
    found = shutil.which("helm")
    if found is None:
        raise Refused(
            "helm must be in the sandbox's toolchain (it is not). Releases need it. Use: make "
            "toolchain"
        )
    return found


def _home() -> Home:
    try:
        return Home.current()
    except SandboxError as error:
        raise Refused(str(error)) from None


def _folder(name: str) -> Path:
    folder = _home().root / "helm" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def _private_file(folder: Path, text: str) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="kubeconfig-", dir=folder)  # with mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
