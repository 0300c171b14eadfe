"""
The Python that a Pulumi program runs with.

It is chosen as the genuine language host does: the option `virtualenv` of Pulumi.yaml, relative to
the project's root, else the first Python on PATH (PULUMI_PYTHON_CMD names another). Toolchains
other than pip, and type checkers, are refused.
Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go, sdk/python/toolchain/pip.go
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KNOWN_OPTIONS = frozenset({"toolchain", "virtualenv"})


class EnvironmentProblem(Exception):  # noqa: N818 - "Error" would read as Python's EnvironmentError
    """The program's Python cannot be used; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class PythonEnvironment:
    """A virtual environment, or the Python on PATH."""

    virtualenv: Path | None
    option: str = ""
    """The option as written in Pulumi.yaml."""

    @classmethod
    def chosen_by(
        cls, root: str, program: str, options: Mapping[str, Any], *, is_plugin: bool = False
    ) -> PythonEnvironment:
        """Choose by the runtime options of a project; component plugins have one of their own."""
        unknown = sorted(set(options) - KNOWN_OPTIONS)
        if unknown:
            raise EnvironmentProblem(
                "runtime options in Pulumi.yaml must be among toolchain, virtualenv in the sandbox "
                f"(got {', '.join(unknown)}). The imitated language host would ignore them. "
                "Use: the genuine language host (LINKMESH_PLUGINS)"
            )
        _check_toolchain(options.get("toolchain"), Path(program))
        option = options.get("virtualenv") or ("venv" if is_plugin else "")
        if not isinstance(option, str):
            raise EnvironmentProblem("virtualenv option must be a string")
        return cls(virtualenv=Path(root) / option if option else None, option=option)

    def check(self) -> None:
        """Refuse a virtual environment that is none, in the genuine host's words."""
        folder = self.virtualenv
        if folder is None or self.is_virtualenv():
            return
        what = "doesn't appear to be a virtual environment" if folder.exists() else "doesn't exist"
        python = folder / "bin" / "python"
        raise EnvironmentProblem(
            f"The 'virtualenv' option in Pulumi.yaml is set to {_quoted(self.option)}, but "
            f"{_quoted(str(folder))} {what}; run the following commands to create the virtual "
            "environment and install dependencies into it:\n\n"
            f"    1. python3 -m venv {folder}\n"
            f"    2. {python} -m pip install --upgrade pip setuptools wheel\n"
            f"    3. {python} -m pip install -r requirements.txt\n"
        )

    def is_virtualenv(self) -> bool:
        """Tell whether the virtual environment exists."""
        return self.virtualenv is not None and (self.virtualenv / "bin" / "python").is_file()

    def python(self) -> str:
        """Give the program to run."""
        return (
            str(self.virtualenv / "bin" / "python")
            if self.virtualenv is not None
            else ambient_python()
        )

    def variables(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Give the environment variables of an activated environment."""
        if self.virtualenv is None:
            return dict(inherited)
        kept = {k: v for k, v in inherited.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
        path = kept.get("PATH")
        scripts = str(self.virtualenv / "bin")
        kept["PATH"] = f"{scripts}{os.pathsep}{path}" if path else scripts
        return {**kept, "VIRTUAL_ENV": str(self.virtualenv)}

    def ask(self, *arguments: str) -> str:
        """Run this Python and give what it prints."""
        answer = subprocess.run(
            [self.python(), *arguments],
            env=self.variables(os.environ),
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout.strip()

    def site_folders(self) -> list[Path]:
        """Give the folders that hold installed distributions."""
        if self.virtualenv is not None and not _sees_system_packages(self.virtualenv):
            return sorted(self.virtualenv.glob("lib/python3*/site-packages"))
        program = "import json, sys; print(json.dumps([p for p in sys.path if p]))"
        return [Path(each) for each in json.loads(self.ask("-c", program)) if Path(each).is_dir()]


def ambient_python() -> str:
    """Find the Python that runs programs without a virtual environment."""
    given = os.environ.get("PULUMI_PYTHON_CMD")
    commands = [given] if given else ["python3", "python"]
    for command in commands:
        path = shutil.which(command)
        if path is not None:
            return path
    names = " ".join(_quoted(each) for each in commands)
    raise EnvironmentProblem(
        f"failed to locate any of [{names}] on your PATH. Have you installed Python 3.6 or greater?"
    )


def _check_toolchain(toolchain: object, program: Path) -> None:
    if toolchain is None:
        for lock, name in (("uv.lock", "uv"), ("poetry.lock", "poetry")):
            if any((folder / lock).exists() for folder in (program, *program.parents)):
                toolchain = name
                break
    if toolchain not in (None, "pip"):
        raise EnvironmentProblem(
            f"runtime option 'toolchain' must be pip in the sandbox (got {toolchain!r}). The "
            "imitated language host knows no other. "
            "Use: the genuine language host (LINKMESH_PLUGINS)"
        )


def _sees_system_packages(virtualenv: Path) -> bool:
    try:
        settings = (virtualenv / "pyvenv.cfg").read_text()
    except FileNotFoundError:
        return True
    return re.search(r"^include-system-site-packages\s*=\s*true", settings, re.M | re.I) is not None


def _quoted(text: str) -> str:
    return json.dumps(text)
