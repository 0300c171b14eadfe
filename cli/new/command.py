"""`mesh new`: arguments, and the files that are written."""

from pathlib import Path
from typing import Annotated

import typer

from linkmesh.stacks.loading import NAME, NAME_RULE

from ..errors import PreconditionError
from ..terminal import console, exit_codes
from .project import Files, Template, files, project_name
from .requirements import PINS, installed, requirements

Directory = Annotated[Path, typer.Argument(help="Folder of the project; empty, or not there yet.")]
Kind = Annotated[Template, typer.Option("--template", help="What its environment looks like.")]
EnvironmentName = Annotated[str, typer.Option("--name", help="Name of its environment.")]


def new(
    directory: Directory, template: Kind = Template.CHAIN, name: EnvironmentName = "demo"
) -> None:
    """Make a project of your own. E.g.: mesh new shop --template kind"""
    with exit_codes(f"mesh new {directory}"):
        check(directory, name)
        origin, pins = installed(), PINS.read_text(encoding="utf-8")
        needed = requirements(origin, pins, has_eks=template.has_eks, has_kind=template.has_kind)
        made = files(project_name(directory.resolve().name), name, template, needed)
        try:
            write(directory, made)
        except OSError as error:
            raise PreconditionError(
                f"directory {directory} must be a folder that can be written (got: "
                f"{error.strerror}). Use: the name of another one"
            ) from None
    if origin.is_of_this_machine:
        console.print(
            f"linkmesh {origin.version} runs from a file or folder of this machine. Use: in "
            "requirements.txt, an address that other machines reach, e.g. linkmesh @ "
            "git+https://<repository>@<commit>; or pip install --find-links <folder of its wheel>",
            markup=False,
            soft_wrap=True,
        )
    console.print(
        f"project {directory}: environment {name} is described in environments/{name}.py\n"
        f"Use: cd {directory}, and see README.md for the next commands",
        markup=False,
        soft_wrap=True,
    )


def check(directory: Path, name: str) -> None:
    """Check that a project can be made. Raises: PreconditionError."""
    if not NAME.fullmatch(name):
        raise PreconditionError(
            f"--name must be {NAME_RULE} (got {name!r}). It is a Python module, and the "
            "first word of the names of stacks. Use: --name demo"
        )
    taken = next((each for each in (directory, *directory.parents) if each.exists()), directory)
    if taken.exists() and not taken.is_dir():
        raise PreconditionError(
            f"directory {taken} must be a folder (got a file). Nothing is overwritten. Use: "
            "the name of a folder that does not exist"
        )
    if directory.is_dir() and (found := sorted(each.name for each in directory.iterdir())):
        shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        raise PreconditionError(
            f"directory {directory} must be empty (got {shown}). Nothing is overwritten. Use: "
            f"mesh new {directory / 'mesh'}"
        )


def write(directory: Path, texts: Files) -> None:
    """Write files into a folder; one that exists is an error."""
    for path, text in texts.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
