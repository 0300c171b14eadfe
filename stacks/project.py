"""
The Pulumi project in which a command or a program runs, and its descriptions.

It is the nearest folder with a Pulumi.yaml, from the current one upwards, as for Pulumi itself. Its
descriptions are in `environments/`; in the repository of linkmesh, in `stacks/environments`.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

from .errors import LoadError

FILE = "Pulumi.yaml"

# Where a project has its descriptions, and as which package they are imported.
FOLDERS = {
    Path("environments"): "environments",
    Path("stacks", "environments"): "linkmesh.stacks.environments",
}


def project_folder() -> Path:
    """
    Return the folder of the project.

    Raises: LoadError if the current folder is not in a project.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise LoadError(
        f"mesh must run in a project: a folder with {FILE}, or one below it (got {here}). "
        "Use: cd to your project, or make one with: mesh new DIRECTORY"
    )


def descriptions_folder() -> Path:
    """
    Return the folder of the descriptions, relative to the project's.

    Raises: LoadError if the current folder is not in a project, or that has none.
    """
    project = project_folder()
    for folder in FOLDERS:
        if (project / folder).is_dir():
            return folder
    raise LoadError(
        f"project {project} must have a folder environments with descriptions (it has none). "
        "Use: cd to a project of linkmesh, or make one with: mesh new DIRECTORY"
    )


def descriptions() -> ModuleType:
    """
    Return the package of the descriptions.

    Modules of the project can be imported by them, as they can when Pulumi runs its program.

    Raises: LoadError if the current folder is not in a project, or that has none.
    """
    folder = descriptions_folder()
    name, path = FOLDERS[folder], project_folder() / folder
    if name.startswith("linkmesh."):
        return import_module(name)
    loaded = sys.modules.get(name)
    if loaded is None or [*getattr(loaded, "__path__", [])] != [str(path)]:
        _forget(name)
        loaded = sys.modules[name] = _package(name, path)
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    return loaded


def _package(name: str, path: Path) -> ModuleType:
    """Make the package of a folder; an installed one of the same name is not meant."""
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(path)]
    return module_from_spec(spec)


def _forget(name: str) -> None:
    for each in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[each]
