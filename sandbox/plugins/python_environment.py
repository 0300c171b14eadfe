"""
The Python that a Pulumi program runs with, and the Pulumi packages installed there.

It is chosen as the genuine language host does: the option `virtualenv` of Pulumi.yaml, relative to
the project's root, else the first Python on PATH (PULUMI_PYTHON_CMD names another). Packages are
read from the names of `*.dist-info` folders: the genuine host runs `pip list`, which takes half a
second of every preview. Toolchains other than pip, and type checkers, are refused.
Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go, sdk/python/toolchain/pip.go
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

KNOWN_OPTIONS = frozenset({"toolchain", "virtualenv"})

# Pulumi's own, without a plugin and without a file that says so.
PACKAGES_WITHOUT_PLUGIN = frozenset({"pulumi-policy", "pulumi-esc-sdk"})

_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")
_RELEASE = re.compile(
    r"(?P<numbers>\d+(\.\d+)*)((?P<stage>a|b|rc)(?P<count>\d+))?(\.post(?P<post>\d+))?(\.dev(?P<dev>\d+))?"
)
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}


class EnvironmentProblem(Exception):  # noqa: N818 - "Error" would read as Python's EnvironmentError
    """The program's Python cannot be used; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """An installed distribution: its name as pip shows it, its version, and its files' folder."""

    name: str
    version: str
    metadata: Path


@dataclass(frozen=True, kw_only=True)
class PulumiPackage:
    """A plugin that an installed SDK asks for."""

    name: str
    version: str
    server: str = ""
    parameter: tuple[str, str, bytes] | None = None
    """Name, version and value, for a provider that is told by a parameter what to be."""


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

    def distributions(self) -> list[Distribution]:
        """List what is installed; the first of a name counts, as for an import."""
        found: dict[str, Distribution] = {}
        for folder in self.site_folders():
            for entry in sorted(folder.glob("*.dist-info")):
                match = _DIST_INFO.fullmatch(entry.name)
                if match is not None:
                    name = re.sub(r"[-_.]+", "-", match["name"]).lower()
                    version = match["version"]
                    distribution = Distribution(name=name, version=version, metadata=entry)
                    found.setdefault(name, distribution)
        return sorted(found.values(), key=lambda each: each.name)

    def pulumi_packages(self) -> list[PulumiPackage]:
        """List the plugins that installed SDKs ask for, imported by the program or not."""
        packages = (_pulumi_package(each) for each in self.distributions())
        return [each for each in packages if each is not None]


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


def plugin_version(version: str) -> str | None:
    """Turn a Python version into a plugin's (1.2.3a4 is 1.2.3-alpha.4), or give None."""
    match = _RELEASE.fullmatch(version)
    if match is None:
        return None
    numbers = match["numbers"].split(".")
    result = ".".join([*numbers, *["0"] * (3 - len(numbers))])
    if match["stage"]:
        result += f"-{_STAGES[match['stage']]}.{match['count']}"
    build = "".join(f"{word}{match[word]}" for word in ("post", "dev") if match[word])
    return f"{result}+{build}" if build else result


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


def _pulumi_package(distribution: Distribution) -> PulumiPackage | None:
    if distribution.name in PACKAGES_WITHOUT_PLUGIN:
        return None
    file = _plugin_file(distribution)
    if file is None and not distribution.name.startswith("pulumi-"):
        return None
    asked: dict[str, Any] = {"resource": True} if file is None else json.loads(file.read_text())
    version = asked.get("version") or plugin_version(distribution.version)
    if not asked.get("resource") or version is None:
        return None
    given = asked.get("parameterization")
    return PulumiPackage(
        name=asked.get("name") or distribution.name.removeprefix("pulumi-"),
        version=f"v{version.removeprefix('v')}",
        server=asked.get("server", ""),
        parameter=(given["name"], given["version"], base64.b64decode(given["value"]))
        if given
        else None,
    )


def _plugin_file(distribution: Distribution) -> Path | None:
    module = distribution.metadata.name.partition("-")[0]
    for folder in (distribution.metadata.parent, *_editable_folders(distribution)):
        file = folder / module / "pulumi-plugin.json"
        if file.is_file():
            return file
    return None


def _editable_folders(distribution: Distribution) -> Iterator[Path]:
    """Give the source folder of a distribution that was installed with `pip install -e`."""
    try:
        source = json.loads((distribution.metadata / "direct_url.json").read_text())
    except FileNotFoundError:
        return
    if source.get("dir_info", {}).get("editable"):
        yield Path(unquote(urlparse(source["url"]).path))


def _quoted(text: str) -> str:
    return json.dumps(text)
