"""`mesh doctor`: arguments, output and exit code."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from linkmesh.environment import Plan
from linkmesh.stacks.project import project_folder

from ..terminal import Json, MaybeName, console, exit_codes, load_all_plans, load_plan

Cloud = Annotated[bool, typer.Option("--cloud", help="Also ask AWS for your identity.")]


def doctor(name: MaybeName = None, as_json: Json = False, cloud: Cloud = False) -> None:
    """Show what this machine lacks, and how to install it. E.g.: mesh doctor demo"""
    # Imported here because other commands do not need it.
    from .report import examine

    plans: Mapping[str, Plan] = load_all_plans() if name is None else {name: load_plan(name)}
    with exit_codes("mesh doctor"):
        found = examine(plans, project_folder(), asks_cloud=cloud)
    if as_json:
        print(json.dumps(found.document, indent=2))
    else:
        console.print(found.text, markup=False, soft_wrap=True)
    raise typer.Exit(0 if found.is_healthy else 1)
