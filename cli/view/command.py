"""`mesh view`: arguments, the file, and the server of `--watch`."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from linkmesh.environment import Plan
from linkmesh.stacks.project import project_folder

from ..output_files import check_file, write_file
from ..terminal import Name, console, exit_codes, load_plan

Out = Annotated[
    Path | None, typer.Option(help="Write the page to this file. Default: ENVIRONMENT.html.")
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Serve the page on this machine, and follow mesh status.")
]
Port = Annotated[
    int, typer.Option(help="Port of --watch; 0 lets the system choose.", min=0, max=65535)
]
Preview = Annotated[
    Path | None, typer.Option(help="A comment of mesh preview --markdown, to show its changes.")
]
Described = Annotated[
    bool, typer.Option("--described", help="Show the description only, and ask no cluster.")
]


def view(
    name: Name,
    out: Out = None,
    watch: Watch = False,
    port: Port = 0,
    preview: Preview = None,
    described: Described = False,
) -> None:
    """Show an environment as a page for a browser. E.g.: mesh view demo --out demo.html"""
    if watch and (out or described):
        raise typer.BadParameter(
            "--watch must not be combined with --out or --described: it serves what it observes."
        )
    if port and not watch:
        raise typer.BadParameter("--port must be combined with --watch, which serves the page.")
    plan = load_plan(name)
    with exit_codes(f"mesh view {name}"):
        if watch:
            _serve(name, plan, port, preview)
        else:
            _write(name, plan, out or Path(f"{name}.html"), preview, described)


def _write(name: str, plan: Plan, out: Path, preview: Path | None, described: bool) -> None:
    # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
    from .collect import described_only, observed
    from .page import page

    check_file("--out", out)
    first = described_only(name, plan, preview)
    content = first if described else observed(first, project_folder())
    write_file("--out", out, page(content))
    console.print(f"{out} written: open it in a browser", soft_wrap=True)


def _serve(name: str, plan: Plan, port: int, preview: Path | None) -> None:
    from .collect import described_only, followed
    from .server import Follower, Server

    first = described_only(name, plan, preview)
    folder = project_folder()
    follower = Follower(
        replace(first, unread="the clusters are being asked for their state"),
        lambda: followed(described_only(name, plan, preview), folder),
    )
    with Server(follower, port) as server:
        console.print(f"{server.address} follows environment {name}. End it with Ctrl-C.")
        _until_interrupted(server.serve_forever, follower.follow)
        follower.end()
    console.print("ended")


def _until_interrupted(serve: Callable[[], None], follow: Callable[[], None]) -> None:
    threading.Thread(target=follow, daemon=True).start()
    with suppress(KeyboardInterrupt):
        serve()
