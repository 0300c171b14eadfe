"""`mesh stat`: what a person types, and how it ends."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ..errors import PreconditionError
from ..runs.run import Project
from ..terminal import Json, Name, console, exit_codes, load_plan
from .promql import By
from .query import Wanted, problems

Rows = Annotated[By, typer.Argument(help="What a row is.")]
Cluster = Annotated[str | None, typer.Option(help="This cluster only.")]
Namespace = Annotated[str | None, typer.Option(help="Workloads of this namespace only.")]
From = Annotated[
    str | None, typer.Option("--from", help="Calls of this cluster to others, as it sees them.")
]
To = Annotated[
    str | None, typer.Option(help="Calls of others to this cluster: CLUSTER or CLUSTER/SERVICE.")
]
Window = Annotated[str, typer.Option(help="Over how long, e.g. 30s, 1m or 1h.")]
Url = Annotated[
    str | None,
    typer.Option(help="URL of a Prometheus of your own; {cluster} in it is each cluster's name."),
]
Label = Annotated[
    str | None, typer.Option(help="Label by which that Prometheus tells clusters apart.")
]


def stat(
    name: Name,
    by: Rows = By.DEPLOY,
    cluster: Cluster = None,
    namespace: Namespace = None,
    source: From = None,
    to: To = None,
    window: Window = "1m",
    prometheus: Url = None,
    cluster_label: Label = None,
    as_json: Json = False,
) -> None:
    """Show success rates, requests and latencies. E.g.: mesh stat demo --from local"""
    wanted = Wanted(
        by=by,
        window=window,
        cluster=cluster,
        namespace=namespace,
        source=source,
        to=to,
        prometheus=prometheus,
        cluster_label=cluster_label,
    )
    plan = load_plan(name)
    with exit_codes(f"mesh stat {name}"):
        if refused := problems(wanted, plan):
            raise PreconditionError("\n".join(refused))
        # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
        from .collect import collect
        from .render import document, text

        found = collect(name, plan, wanted, Project.open(Path.cwd()))
        if as_json:
            print(json.dumps(document(name, found, wanted), indent=2))
        else:
            console.print(text(found, wanted))
    raise typer.Exit(1 if any(one.problems for one in found) else 0)
