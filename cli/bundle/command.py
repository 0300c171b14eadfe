"""`mesh support-bundle`: arguments, output and exit code."""

from pathlib import Path
from typing import Annotated

import typer

from linkmesh.stacks.project import project_folder

from ..output_files import check_file
from ..runs.project import Project
from ..terminal import Name, console, exit_codes, load_plan

Output = Annotated[
    Path | None, typer.Option(help="File to write. Default: support-ENVIRONMENT.tar.gz.")
]


def support_bundle(name: Name, output: Output = None) -> None:
    """Write an archive for support, without secrets. E.g.: mesh support-bundle demo"""
    plan = load_plan(name)
    with exit_codes(f"mesh support-bundle {name}"):
        # Imported here because a Kubernetes client loads slowly, and other commands do not need it.
        from .archive import write
        from .collect import bundle

        file = output or Path(f"support-{name}.tar.gz")
        check_file("--output", file)
        content, gaps = bundle(name, plan, Project.open(project_folder()))
        write(content, file)
    console.print(f"{file}: {len(content) // 1024} KiB, secrets replaced.")
    if gaps:
        console.print(f"{len(gaps)} items could not be collected: see manifest.txt in the archive.")
