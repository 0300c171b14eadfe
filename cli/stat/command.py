"""`mesh stat`: arguments, output and exit code."""

import json
from typing import Annotated

import typer

from linkmesh.stacks.project import project_folder

from ..errors import PreconditionError
from ..runs.project import Project
from ..terminal import Json, Name, console, exit_codes, load_plan
from .promql import By
from .query import Query, problems

Rows = Annotated[By, typer.Argument(help="What each row shows.")]
Cluster = Annotated[str | None, typer.Option(help="Show only this cluster.")]
Namespace = Annotated[str | None, typer.Option(help="Show only workloads of this namespace.")]
From = Annotated[str | None, typer.Option("--from", help="Show calls from this cluster to others.")]
To = Annotated[str | None, typer.Option(help="Show calls to this CLUSTER or CLUSTER/SERVICE.")]
Window = Annotated[str, typer.Option(help="Time window, e.g. 30s, 1m or 1h.")]
Url = Annotated[
    str | None,
    typer.Option(help="URL of your own Prometheus; {cluster} becomes the cluster's name."),
]
Label = Annotated[
    str | None, typer.Option(help="Label that distinguishes clusters in that Prometheus.")
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
    query = Query(
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
        if found := problems(query, plan):
            raise PreconditionError("\n".join(found))
        # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
        from .collect import collect
        from .render import document, is_complete, text

        result = collect(name, plan, query, Project.open(project_folder()))
        if as_json:
            print(json.dumps(document(name, result, query), indent=2))
        else:
            console.print(text(result, query))
    raise typer.Exit(0 if is_complete(result) else 1)
