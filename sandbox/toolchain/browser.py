"""
The browser in which pages are tested: Chromium or Chrome, with its driver.

Nothing of the sandbox needs it. Where it cannot be installed from here, the tests that need it fail
and say how to install it.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.files import lock_file
from sandbox.home import SandboxError

# Names of the browser on Debian, on machines of GitHub, and elsewhere.
BROWSERS = ("chromium", "google-chrome", "chromium-browser")
DRIVER = "chromedriver"

# Debian's.
PACKAGES = ("chromium", "chromium-driver")

# Package indexes of a new machine are old or missing; the second command needs those of today.
COMMANDS = (
    ("apt-get", "-q", "update"),
    ("apt-get", "-q", "install", "--yes", "--no-install-recommends", *PACKAGES),
)


def install_browser(*, say: Callable[[str], None], folder: Path) -> None:
    """
    Install the browser if it is missing and this user may install packages.

    Args:
        folder: the folder of the toolchain, for the lock.

    Raises: SandboxError if it cannot be installed.
    """
    if not (why := missing()):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(f"toolchain: {why}")
        return
    with lock_file(folder / "lock"):
        if not missing():
            return
        say(f"toolchain: installing {' and '.join(PACKAGES)}, in which pages are tested")
        began = time.monotonic()
        for command in COMMANDS:
            _run(command)
        say(f"  {' and '.join(PACKAGES)}: installed in {time.monotonic() - began:.0f} s")


def missing() -> str:
    """Return what is missing and how to install it; empty if the browser and its driver exist."""
    if find_browser() and shutil.which(DRIVER):
        return ""
    return (
        f"{BROWSERS[0]} and {DRIVER} must be on PATH, for tests of pages (they are not). "
        f"Use: apt-get install {' '.join(PACKAGES)}"
    )


def find_browser() -> str | None:
    """Return the path of a browser; None if there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _run(command: tuple[str, ...]) -> None:
    ended = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode != 0:
        said = "\n".join(ended.stdout.splitlines()[-8:])
        raise SandboxError(
            f"{' '.join(command)} must succeed (exit code {ended.returncode}). It said:\n{said}\n"
            "Install them yourself, or run the tests without those of pages."
        )
