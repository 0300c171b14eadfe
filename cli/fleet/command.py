"""`mesh operator`: writes the resources of an environment, as files to commit, or prints them."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from linkmesh.stacks.project import project_folder

from ..terminal import Name, exit_codes, load_plan
from .backend import backend_of
from .resources import STACK_FILE, Place, Resource, check, files
from .source import source_of

NAMESPACE = "linkmesh"

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write files and a kustomization here, instead of printing."),
]
Repository = Annotated[
    str | None, typer.Option(help="URL of the program's repository. Default: origin's.")
]
Commit = Annotated[
    str | None, typer.Option(help="Commit to deploy; stacks run in order. Default: HEAD.")
]
Branch = Annotated[str | None, typer.Option(help="Branch to follow instead, each stack by itself.")]
Namespace = Annotated[str, typer.Option(help="Namespace of the resources.")]
Role = Annotated[
    str, typer.Option(help="ARN of an IAM role for the service account; none with Pod Identity.")
]
GitSecret = Annotated[
    str, typer.Option(help="Secret with the key accessToken, for a private repository.")
]


def operator(
    name: Name,
    out: Out = None,
    repository: Repository = None,
    commit: Commit = None,
    branch: Branch = None,
    namespace: Namespace = NAMESPACE,
    role: Role = "",
    git_secret: GitSecret = "",
) -> None:
    """Write resources of the Pulumi Kubernetes Operator. E.g.: mesh operator prod --out prod"""
    plan = load_plan(name)
    with exit_codes(f"mesh operator {name}"):
        check(name, plan)
        written = files(
            name,
            plan,
            backend=backend_of(os.environ),
            source=source_of(
                project_folder(),
                repository=repository,
                commit=commit,
                branch=branch,
                secret=git_secret,
            ),
            place=Place(namespace=namespace, role_arn=role),
        )
        if out is None:
            print(stream(written), end="")
        else:
            for note in write(written, out):
                print(note, file=sys.stderr)


def stream(written: Mapping[str, Resource]) -> str:
    """Return all resources as one stream of YAML, without the kustomization, which lists files."""
    return "---\n".join(_yaml(each) for each in written.values() if each["kind"] != "Kustomization")


def write(written: Mapping[str, Resource], folder: Path) -> list[str]:
    """
    Write each resource into a file of its own.

    Returns: a note for each file of a stack that the environment no longer has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file, resource in written.items():
        (folder / file).write_text(_yaml(resource), encoding="utf-8")
    stale = {path.name for path in folder.glob(f"{STACK_FILE}*.yaml")} - {*written}
    return [
        f"{folder / file} is of a stack that the environment no longer has, and not in the "
        "kustomization. Destroy the stack before you delete the file: mesh up --prune"
        for file in sorted(stale)
    ]


def _yaml(resource: Any) -> str:
    return str(yaml.safe_dump(_plain(resource), sort_keys=False, width=1000))


def _plain(value: Any) -> Any:
    """Copy what several places share, which YAML would write as anchors."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
