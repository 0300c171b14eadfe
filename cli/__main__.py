"""
`mesh`: commands over a whole environment.

Each command takes the name of an environment, the file of that name in stacks/environments.
"""

import faulthandler
import sys
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from stacks import load
from stacks.rotation import Rotated, RotationSettingError

from .bundle.command import support_bundle
from .diagram import mermaid
from .diagram.svg import svg as drawn
from .doctor.command import doctor
from .errors import RefusedError
from .gateways import gateways
from .plan.render import text
from .runs.lock import alone
from .runs.progress import Progress
from .runs.run import Operation, Project
from .stat.command import stat
from .status.command import status
from .terminal import PREVIEWS, Name, Parallel, console, described, ending

app = typer.Typer(
    help="Kubernetes clusters linked by Linkerd: commands over a whole environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Prune = Annotated[
    bool, typer.Option("--prune", help="Destroy the clusters that are described no more.")
]
Markdown = Annotated[
    Path | None, typer.Option(help="Write a comment for a pull request into this file.")
]
Wait = Annotated[
    int, typer.Option(help="Seconds to wait for mirrors at the end; 0: not at all.", min=0)
]
Target = Annotated[
    list[str] | None,
    typer.Option(help="URN of the only resource to touch, in the stack it names. Repeatable."),
]
Rebuild = Annotated[
    list[str] | None,
    typer.Option(help="A cluster that was replaced or is gone: make it again. Repeatable."),
]
Svg = Annotated[Path | None, typer.Option(help="Draw SVG into this file, not Mermaid.")]


@app.command()
def plan(name: Name) -> None:
    """Show what an environment is, from its description alone. E.g.: mesh plan demo"""
    console.print(text(name, described(name)), soft_wrap=True)


@app.command()
def preview(
    name: Name, parallel: Parallel = PREVIEWS, markdown: Markdown = None, target: Target = None
) -> None:
    """Preview every stack. E.g.: mesh preview demo --markdown comment.md"""
    if markdown is None:
        _operate(name, Operation.PREVIEW, parallel, target)
    elif target:
        raise typer.BadParameter("must stand without --markdown, which shows every stack.")
    else:
        _preview_into(name, markdown, parallel)


@app.command()
def diagram(name: Name, svg: Svg = None) -> None:
    """Draw an environment, from its description. E.g.: mesh diagram demo --svg demo.svg"""
    plan = described(name)
    if svg is None:
        print("\n".join(mermaid.of_environment(plan)))
    else:
        svg.write_text(drawn(name, plan), encoding="utf-8")


@app.command()
def up(
    name: Name,
    parallel: Parallel = 4,
    prune: Prune = False,
    wait: Wait = 120,
    target: Target = None,
    rebuild: Rebuild = None,
) -> None:
    """Deploy every stack of an environment, in order. E.g.: mesh up demo"""
    clusters = tuple(rebuild or ())
    _operate(name, Operation.UP, parallel, target, prune=prune, wait_seconds=wait, rebuild=clusters)


@app.command()
def destroy(name: Name, parallel: Parallel = 4, target: Target = None) -> None:
    """Destroy every stack of an environment, in reverse order. E.g.: mesh destroy demo"""
    _operate(name, Operation.DESTROY, parallel, target)


@app.command()
def rotate(
    name: Name,
    what: Annotated[Rotated, typer.Argument(help="What is replaced by a new one.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    step: Annotated[int | None, typer.Option(help="Do this step only.", min=1)] = None,
    parallel: Parallel = 4,
) -> None:
    """Replace what clusters trust, without a failed request. E.g.: mesh rotate demo anchor"""
    plan = described(name)
    # Here, since it loads a client of Kubernetes: every other command starts a second sooner.
    from .rotation import rotate as rotating

    order = rotating.Order(name=name, what=what, only=step, parallel=parallel)
    with ending(order.command), alone(name, order.command, Path.cwd()):
        try:
            rotating.rotate(
                Project.open(Path.cwd()),
                plan,
                order,
                console,
                confirm=lambda: yes or typer.confirm("Do it?"),
            )
        except RotationSettingError as unreadable:
            raise RefusedError(str(unreadable)) from None


@app.command()
def forget(
    name: Name,
    cluster: Annotated[str, typer.Argument(help="The cluster that is gone.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a cluster that is gone out of the state. E.g.: mesh forget demo local"""
    plan = described(name)
    from .lost import forget as forgetting

    command = f"mesh forget {name} {cluster}"
    with ending(command), alone(name, command, Path.cwd()):
        forgetting.forget(
            Project.open(Path.cwd()),
            name,
            plan,
            cluster,
            console,
            confirm=lambda: yes or typer.confirm("Do it?"),
        )


app.command()(status)
app.command()(gateways)
app.command()(stat)
app.command()(doctor)
app.command("support-bundle")(support_bundle)


def _preview_into(name: str, file: Path, parallel: int) -> None:
    """Preview every stack, and write the comment whatever happens."""
    from .preview import command

    try:
        plan = load(name)
    except pulumi.RunError as error:
        command.write_refusal(name, str(error), file)
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    with ending(f"mesh preview {name}"):
        with Progress(console, Operation.PREVIEW, plan.parts) as progress:
            command.write_comment(name, plan, parallel, progress, file)
        console.print(progress.closing())


def _operate(
    name: str, operation: Operation, parallel: int, target: list[str] | None, **more: Any
) -> None:
    # Here, since they load components and their SDK.
    from .operations import operate
    from .operations.order import Order

    urns = tuple(target or ())
    order = Order(name=name, operation=operation, parallel=parallel, urns=urns, **more)
    plan = described(name)
    with ending(order.command):
        operate.carry_out(order, plan, Path.cwd(), console)


def main() -> None:
    """Start `mesh`. Should the interpreter itself crash, it says where."""
    faulthandler.enable()
    app(prog_name="mesh")


if __name__ == "__main__":
    main()
