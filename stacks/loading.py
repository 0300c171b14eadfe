"""
Loading of an environment's file: found by name, executed, validated, and planned.

A description is code, and may do anything: whatever goes wrong in it ends in one message with file
and line. What it prints goes to standard error, since the output of a command may be JSON.
"""

import builtins
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType

from linkmesh.arguments import collected
from linkmesh.environment import DescriptionError, Environment, Plan

from .errors import LoadError
from .project import descriptions, descriptions_folder, project_folder

# Of every process. Source: POSIX, "Utility Description Defaults"
STDOUT, STDERR = 1, 2

# Characters of a stack's name that are those of a module's name as well.
# Pulumi takes 100 of them for a stack: with the longest part, `.routes.` and a cluster of 30.
# Source: pulumi v3.259.0, sdk/go/common/tokens/names.go
LONGEST_NAME = 60
NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}")
NAME_RULE = f"letters, digits and underscores, a letter first, at most {LONGEST_NAME} of them"

# A file without it is no environment, but a module that environments import.
_DESCRIBES = re.compile(r"^\s*(ENVIRONMENT\b.*=|from\b.*\bimport\b.*\bENVIRONMENT\b)", re.MULTILINE)


def names() -> list[str]:
    """List the names of the described environments, without loading any."""
    return sorted(name for name, file in _files().items() if _describes(file))


def load(name: str) -> Plan:
    """
    Load the description of an environment, validate it, and return its plan.

    Raises: LoadError with all problems.
    """
    file = _files().get(name)
    if file is None or not NAME.fullmatch(name):
        raise LoadError(_unknown(name))
    described = _described(name, file)
    try:
        return Plan.of(described)
    except DescriptionError as error:
        raise _error(name, error.problems) from None


def _files() -> dict[str, Path]:
    """Find the files among which environments are, by name."""
    folders = [Path(folder) for folder in descriptions().__path__]
    modules = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    packages = [file for folder in folders for file in sorted(folder.glob("*/__init__.py"))]
    files = {file.stem: file for file in modules} | {file.parent.name: file for file in packages}
    return {name: file for name, file in files.items() if not name.startswith("_")}


def _describes(file: Path) -> bool:
    """Return whether a file describes an environment, from its text."""
    try:
        return _DESCRIBES.search(file.read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False


def _described(name: str, file: Path) -> Environment:
    """Execute a file, and return the environment that it describes."""
    before = set(sys.modules)
    with collected(_place) as problems, _printing_to_stderr():
        try:
            module = import_module(f"{descriptions().__name__}.{name}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # of a program that a description calls, any of them
            # Errors that arguments with problems cause are not reported.
            problems[:] = problems or _failure(file, error)
    if problems:
        for loaded in set(sys.modules) - before:
            if loaded.startswith(f"{descriptions().__name__}."):
                del sys.modules[loaded]
        raise _error(name, problems)
    described = getattr(module, "ENVIRONMENT", None)
    if not isinstance(described, Environment):
        raise _error(name, [_no_environment(module, file)])
    return described


@contextmanager
def _printing_to_stderr() -> Iterator[None]:
    """Send what a description prints to standard error, also that of programs which it runs."""
    with redirect_stdout(sys.stderr):
        try:
            output = os.dup(STDOUT)
        except OSError:  # there is none
            yield
            return
        try:
            os.dup2(STDERR, STDOUT)
            yield
        finally:
            os.dup2(output, STDOUT)
            os.close(output)


def _error(name: str, problems: list[str]) -> LoadError:
    listed = "\n".join(f"  {problem}" for problem in problems)
    return LoadError(f"environment {name!r} cannot be deployed:\n{listed}")


def _failure(file: Path, error: BaseException) -> list[str]:
    """Return in one line what ended the execution of a file, and where."""
    lines = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_here(frame.filename)
    ]
    if isinstance(error, SyntaxError) and error.filename and _is_here(error.filename):
        lines.append((error.filename, error.lineno))
    path, line = lines[-1] if lines else (str(file), None)
    return [f"{_located(path, line)}: {_message(error)}"]


def _message(error: BaseException) -> str:
    """Return the message of an exception, as Python prints it, in one line."""
    if isinstance(error, SystemExit):
        return (
            f"a description must not end the program (got sys.exit({error.code!r})). The command "
            "would do nothing, without a word. Use: raise ValueError(...), or remove the line"
        )
    if _is_message(error):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    is_import = isinstance(error, ImportError)
    said = str(error) if is_import else ""
    missing = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", said)
    if missing:
        near = get_close_matches(missing[1], dir(sys.modules.get(missing[2])), n=1)
        also = f" Did you mean: {near[0]!r}?" if near else ""
        return f"ImportError: {missing[0]}.{also}"
    message = " ".join("".join(traceback.format_exception_only(error)).split())
    near = get_close_matches(str(getattr(error, "name", "")), _candidates(error), n=1)
    return (
        f"{message}. Did you mean: {near[0]!r}?"
        if near and "Did you mean" not in message
        else message
    )


def _is_message(error: BaseException) -> bool:
    """Return whether an error is all that a user should read; descriptions may raise Pulumi's."""
    pulumi = sys.modules.get("pulumi")
    of_pulumi = pulumi is not None and isinstance(error, pulumi.RunError)
    return isinstance(error, LoadError) or of_pulumi


def _candidates(error: BaseException) -> list[str]:
    """List the names among which a missing one probably is; Python 3.11 does not itself."""
    if isinstance(error, AttributeError):
        return dir(error.obj)
    if isinstance(error, NameError) and error.__traceback__ is not None:
        frame = [each for each, _ in traceback.walk_tb(error.__traceback__)][-1]
        return [*frame.f_locals, *frame.f_globals, *dir(builtins)]
    return []


def _place() -> str:
    """Return the line of a description that is being executed."""
    frame = sys._getframe()
    while frame.f_back is not None and not _is_here(frame.f_code.co_filename):
        frame = frame.f_back
    return _located(frame.f_code.co_filename, frame.f_lineno)


def _is_here(path: str) -> bool:
    folders = [str(Path(folder)) for folder in descriptions().__path__]
    return any(path.startswith(f"{folder}/") for folder in folders)


def _located(path: str, line: int | None) -> str:
    """Return the path of a file as a user types it, with a line."""
    file, project = Path(path).resolve(), project_folder()
    shown = file.relative_to(project) if file.is_relative_to(project) else file
    return f"{shown}, line {line}" if line else str(shown)


def _no_environment(module: ModuleType, file: Path) -> str:
    """Return that a file describes no environment, with the remedy."""
    where, value = _located(str(file), None), getattr(module, "ENVIRONMENT", None)
    if hasattr(module, "ENVIRONMENT"):
        return (
            f"ENVIRONMENT of {where} must be an Environment (got {type(value).__name__}). "
            "Use: ENVIRONMENT = Environment(...)"
        )
    others = [name for name, each in vars(module).items() if isinstance(each, Environment)]
    use = f"rename {others[0]}" if others else f"one of {', '.join(names())}"
    return (
        f"{where} must define ENVIRONMENT (it does not). It is a module that environments may "
        f"import, and none itself. Use: {use}"
    )


def _unknown(name: str) -> str:
    """Return why there is no environment of a name, and which is probably meant."""
    known, files = names(), _files()
    stem = Path(name).stem if name.endswith(".py") else name
    environment, _, part = stem.partition(".")
    if stem != name and stem in known:
        return (
            f"environment must be given without the ending of its file (got {name!r}). Use: {stem}"
        )
    if part and environment in known:
        return (
            f"environment must be given without a part (got {name!r}, one of its stacks). Commands "
            f"of mesh are about all of them. Use: {environment}, or pulumi with --stack {name}"
        )
    if name in files or (name and not NAME.fullmatch(name)):
        plain = re.sub(r"\W", "_", stem, flags=re.ASCII)
        use = f"rename {_located(str(files[name]), None)}" if name in files else plain
        return (
            f"environment {name!r} must have a name of {NAME_RULE} (it does not)."
            f" It is the name of a module, and the first word of its stacks. "
            f"Use: {use if name in files or plain in known else ', '.join(known)}"
        )
    same = [each for each in known if each.lower() == name.lower()]
    near = same or get_close_matches(name, known, n=1)
    return (
        f"environment {name!r} must have a file {descriptions_folder()}/{name or '<name>'}.py "
        f"(it has none). Use: {', '.join(near or known)}"
    )
