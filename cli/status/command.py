"""`mesh status`: arguments, output and exit code."""

import json

import typer

from linkmesh.stacks.project import project_folder

from ..runs.project import Project
from ..terminal import Json, Name, console, exit_codes, load_plan


def status(name: Name, as_json: Json = False) -> None:
    """Check whether an environment is healthy; if not, why. E.g.: mesh status demo"""
    plan = load_plan(name)
    with exit_codes(f"mesh status {name}"):
        # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
        from .collect import collect
        from .evaluate import evaluate
        from .render import document, text

        report = evaluate(name, plan, collect(name, plan, Project.open(project_folder())))
        if as_json:
            print(json.dumps(document(report), indent=2))
        else:
            console.print(text(report, plan))
    raise typer.Exit(0 if report.is_healthy else 1)
