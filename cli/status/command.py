"""`mesh status`: what a person types, and how it ends."""

import json
from pathlib import Path

import typer

from ..runs.run import Project
from ..terminal import Json, Name, console, described, ending


def status(name: Name, as_json: Json = False) -> None:
    """Tell whether all is well, and if not, why and what to do. E.g.: mesh status demo"""
    environment = described(name)
    with ending(f"mesh status {name}"):
        # Here, since they load a client of Kubernetes: every other command starts sooner.
        from .collect import collect
        from .evaluate import judge
        from .render import document, text

        report = judge(name, environment, collect(name, environment, Project.open(Path.cwd())))
        if as_json:
            print(json.dumps(document(report), indent=2))
        else:
            console.print(text(report, environment))
    raise typer.Exit(0 if report.is_well else 1)
