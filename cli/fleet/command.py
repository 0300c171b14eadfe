"""`mesh operator`: writes the resources of an environment, as files to commit, or prints them."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from linkmesh.stacks.project import project_folder

from ..terminal import Name, exit_codes, load_plan

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
    # Imported here because other commands do not need it.
    from .backend import backend_of
    from .resources import Place, check, check_place, files
    from .source import source_of
    from .writing import stream, write

    with exit_codes(f"mesh operator {name}"):
        check(name, plan)
        place = Place(namespace=namespace, role_arn=role)
        check_place(place)
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
            place=place,
        )
        if out is None:
            print(stream(written), end="")
        else:
            for note in write(name, written, out):
                print(note, file=sys.stderr)
