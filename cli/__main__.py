"""
`mesh`: commands over a whole environment.

Each command takes the name of an environment: a file in the environments/ of the project.
"""

import faulthandler
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import typer

from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.project import project_folder
from linkmesh.stacks.rotation import Rotated, RotationSettingError

from .bundle.command import support_bundle
from .diagram import mermaid
from .doctor.command import doctor
from .errors import PreconditionError
from .fleet.command import operator
from .fleet.matrix import matrix
from .gateways import gateways
from .new.command import new
from .output_files import write_file
from .plan.render import text
from .runs.lock import exclusive
from .runs.operation import ALL_STACKS, Operation
from .runs.project import Project
from .stat.command import stat
from .status.command import status
from .terminal import PREVIEWS, Name, Parallel, console, exit_codes, load_deployable, load_plan
from .view.command import view

app = typer.Typer(
    help="Kubernetes clusters linked by Linkerd: commands over a whole environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Prune = Annotated[
    bool, typer.Option("--prune", help="Destroy clusters that the description no longer contains.")
]
Markdown = Annotated[Path | None, typer.Option(help="Write a pull request comment to this file.")]
Wait = Annotated[
    int, typer.Option(help="Seconds to wait until mirrors are healthy; 0 skips it.", min=0)
]
Target = Annotated[
    list[str] | None,
    typer.Option(help="URN of a resource; only it is changed. Repeatable."),
]
Svg = Annotated[
    Path | None, typer.Option(help="Write SVG to this file instead of printing Mermaid.")
]
AllStacks = Annotated[
    bool, typer.Option(ALL_STACKS, help="Run stacks too of which nothing has changed.")
]
Rebuild = Annotated[
    list[str] | None,
    typer.Option(help="A cluster that was replaced or is gone; create it again. Repeatable."),
]


@app.command()
def plan(name: Name) -> None:
    """Show clusters, links, calls and costs of a description. E.g.: mesh plan demo"""
    console.print(text(name, load_plan(name)), soft_wrap=True)


@app.command()
def preview(
    name: Name,
    parallel: Parallel = PREVIEWS,
    markdown: Markdown = None,
    target: Target = None,
    all_stacks: AllStacks = False,
) -> None:
    """Preview changes of all stacks. E.g.: mesh preview demo --markdown comment.md"""
    if markdown is None:
        _operate(name, Operation.PREVIEW, parallel, target, all_stacks=all_stacks)
    elif target:
        raise typer.BadParameter("must not be combined with --markdown, which shows all stacks.")
    else:
        # Imported here because the Automation API loads slowly.
        from .preview.command import preview_into

        preview_into(name, markdown, parallel, all_stacks=all_stacks)


@app.command()
def diagram(name: Name, svg: Svg = None) -> None:
    """Draw clusters and links of a description. E.g.: mesh diagram demo --svg demo.svg"""
    plan = load_plan(name)
    if svg is None:
        print("\n".join(mermaid.of_environment(plan)))
    else:
        from .diagram.svg import svg as draw_svg

        with exit_codes(f"mesh diagram {name}"):
            write_file("--svg", svg, draw_svg(name, plan))


@app.command()
def up(
    name: Name,
    parallel: Parallel = 4,
    prune: Prune = False,
    wait: Wait = 120,
    target: Target = None,
    rebuild: Rebuild = None,
    all_stacks: AllStacks = False,
) -> None:
    """Deploy all stacks of an environment, in order. E.g.: mesh up demo"""
    _operate(
        name,
        Operation.UP,
        parallel,
        target,
        prune=prune,
        wait_seconds=wait,
        rebuild=tuple(rebuild or ()),
        all_stacks=all_stacks,
    )


@app.command()
def destroy(name: Name, parallel: Parallel = 4, target: Target = None) -> None:
    """Destroy all stacks of an environment, in reverse order. E.g.: mesh destroy demo"""
    _operate(name, Operation.DESTROY, parallel, target)


@app.command()
def rotate(
    name: Name,
    what: Annotated[Rotated, typer.Argument(help="What to replace.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    step: Annotated[int | None, typer.Option(help="Run only this step.", min=1)] = None,
    parallel: Parallel = 4,
) -> None:
    """Replace certificates or tokens without a failed request. E.g.: mesh rotate demo anchor"""
    plan = load_deployable(name)
    # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
    from .rotation import rotate as rotating

    request = rotating.Request(name=name, what=what, only=step, parallel=parallel)
    with exit_codes(request.command), exclusive(name, request.command, project_folder()):
        try:
            rotating.rotate(
                Project.open(project_folder(), plan),
                plan,
                request,
                console,
                confirm=lambda: yes or typer.confirm("Continue?"),
            )
        except RotationSettingError as error:
            raise PreconditionError(str(error)) from None


@app.command()
def forget(
    name: Name,
    cluster: Annotated[str, typer.Argument(help="The cluster that is gone.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove a cluster that is gone from the state. E.g.: mesh forget demo local"""
    plan = load_plan(name)
    # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
    from .lost import forget as forgetting

    command = f"mesh forget {name} {cluster}"
    with exit_codes(command), exclusive(name, command, project_folder()):
        forgetting.forget(
            Project.open(project_folder()),
            name,
            plan,
            cluster,
            console,
            confirm=lambda: yes or typer.confirm("Continue?"),
        )


app.command()(new)
app.command()(status)
app.command()(view)
app.command()(gateways)
app.command()(stat)
app.command()(doctor)
app.command()(matrix)
app.command()(operator)
app.command("support-bundle")(support_bundle)


def _operate(
    name: str, operation: Operation, parallel: int, target: list[str] | None, **more: Any
) -> None:
    # Imported here because components load their SDKs slowly.
    from .operations import operate
    from .operations.request import Request

    urns = tuple(target or ())
    request = Request(name=name, operation=operation, parallel=parallel, urns=urns, **more)
    # What is destroyed needs no program, and so no package of one.
    plan = load_plan(name) if operation is Operation.DESTROY else load_deployable(name)
    with exit_codes(request.command):
        operate.execute(request, plan, project_folder(), console)


def main() -> None:
    """Run `mesh`. No fault of it ends in a traceback, unless the interpreter itself crashes."""
    faulthandler.enable()
    try:
        app(prog_name="mesh")
    except Exception as error:
        from .machine_errors import explained
        from .runs.logs import fault_text

        text, code = str(error) if isinstance(error, LoadError) else explained(error), 2
        if not text:
            try:
                text, code = fault_text(error, project_folder()), 1
            except (LoadError, OSError):  # no project, or one that cannot be written
                text, code = fault_text(error, Path(mkdtemp(prefix="linkmesh-"))), 1
        print(text, file=sys.stderr)
        sys.exit(code)


if __name__ == "__main__":
    main()
