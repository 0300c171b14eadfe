"""
`mesh`: commands over a whole environment.

Each command takes the name of an environment, the file of that name in stacks/environments.
"""

import sys
from pathlib import Path
from typing import Annotated

import pulumi
import typer
from rich.console import Console

from stacks import load
from stacks.environment import Environment

from . import plan as planning
from . import summary as summarizing
from .progress import Progress
from .runs import Operation, Project, RunFailedError, run
from .waves import downstream, upstream

app = typer.Typer(
    help="Kubernetes clusters linked by Linkerd: commands over a whole environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# Without a terminal, lines are as long as they are: a log is searched, not looked at.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)

Name = Annotated[str, typer.Argument(help="Environment: a file in stacks/environments.")]
Parallel = Annotated[int, typer.Option(help="How many stacks at once.", min=1)]


def described(name: str) -> Environment:
    """Load an environment, or end with what is wrong with it."""
    try:
        return load(name)
    except pulumi.RunError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


@app.command()
def plan(name: Name) -> None:
    """Show what an environment is, from its description alone. E.g.: mesh plan demo"""
    console.print(planning.text(name, described(name)))


@app.command()
def preview(name: Name, parallel: Parallel = 4) -> None:
    """Preview every stack of an environment. E.g.: mesh preview demo"""
    _operate(name, Operation.PREVIEW, parallel)


@app.command()
def up(name: Name, parallel: Parallel = 4) -> None:
    """Deploy every stack of an environment, in order. E.g.: mesh up demo"""
    _operate(name, Operation.UP, parallel)


@app.command()
def destroy(name: Name, parallel: Parallel = 4) -> None:
    """Destroy every stack of an environment, in reverse order. E.g.: mesh destroy demo"""
    _operate(name, Operation.DESTROY, parallel)


@app.command()
def summary(name: Name) -> None:
    """Show what runs: links, mirror services, certificates. E.g.: mesh summary demo"""
    environment = described(name)
    project = Project.open(Path.cwd())
    found = summarizing.collect(name, environment, project)
    console.print(summarizing.text(found))
    raise typer.Exit(0 if found.is_well else 1)


def _operate(name: str, operation: Operation, parallel: int) -> None:
    environment = described(name)
    waves = (downstream if operation is Operation.DESTROY else upstream)(environment)
    with Progress(console, operation, environment.parts) as progress:
        try:
            run(Project.open(Path.cwd()), name, waves, operation, parallel, progress)
        except RunFailedError as failed:
            progress.end()
            print(failed, file=sys.stderr)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            progress.end()
            print(f"Interrupted. Go on with: mesh {operation.value} {name}", file=sys.stderr)
            raise typer.Exit(130) from None
    console.print(progress.closing())


def main() -> None:
    """Start `mesh`."""
    app()


if __name__ == "__main__":
    main()
