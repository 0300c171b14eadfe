"""The resources of an environment as YAML: one stream, or files to commit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..errors import PreconditionError
from .resources import STACK_FILE, Resource


def stream(written: Mapping[str, Resource]) -> str:
    """Return all resources as one stream of YAML, without the kustomization, which lists files."""
    return "---\n".join(_yaml(each) for each in written.values() if each["kind"] != "Kustomization")


def write(name: str, written: Mapping[str, Resource], folder: Path) -> list[str]:
    """
    Write each resource of an environment into a file of its own.

    Raises: PreconditionError if they cannot be written.
    Returns: a note for each file of a stack that the environment no longer has.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, resource in written.items():
            (folder / file).write_text(_yaml(resource), encoding="utf-8")
    except OSError as error:
        raise PreconditionError(
            f"--out must name a folder that can be written (got {str(folder)!r}: "
            f"{error.strerror}). Use: --out with another folder"
        ) from None
    stale = {path.name for path in folder.glob(f"{STACK_FILE}*.yaml")} - {*written}
    return [
        f"{folder / file} is of a stack that the environment no longer has, and not in the "
        f"kustomization. Destroy the stack before you delete the file: mesh up {name} --prune"
        for file in sorted(stale)
    ]


def _yaml(resource: Any) -> str:
    return str(yaml.safe_dump(_plain(resource), sort_keys=False, width=1000))


def _plain(value: Any) -> Any:
    """Copy what several places share, which YAML would write as anchors."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
