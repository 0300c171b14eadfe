"""`mesh doctor`: what a person types, and how it ends."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from components.environment import Plan

from ..terminal import Json, MaybeName, all_described, console, described

Cloud = Annotated[bool, typer.Option("--cloud", help="Ask AWS who calls.")]


def doctor(name: MaybeName = None, as_json: Json = False, cloud: Cloud = False) -> None:
    """Show what is missing on this machine, and how to get it. E.g.: mesh doctor demo"""
    # Here, as for all that not every command needs.
    from .report import examine

    asked: Mapping[str, Plan] = all_described() if name is None else {name: described(name)}
    found = examine(asked, Path.cwd(), asks_cloud=cloud)
    if as_json:
        print(json.dumps(found.record, indent=2))
    else:
        console.print(found.text, markup=False, soft_wrap=True)
    raise typer.Exit(0 if found.is_well else 1)
