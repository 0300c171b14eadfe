"""Installing the browser of tests: only if it is missing, and only by a user who may."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.toolchain import browser


@pytest.fixture
def said() -> list[str]:
    """What is said."""
    return []


def on_a_machine(
    patch: pytest.MonkeyPatch, *, has: set[str], user: int = 0
) -> list[tuple[str, ...]]:
    """Imitate a machine with some programs; returns the commands that are run on it."""
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **options: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    patch.setattr("shutil.which", lambda name: name if name in has else None)
    patch.setattr("os.geteuid", lambda: user)
    patch.setattr("subprocess.run", run)
    return ran


def test_a_missing_browser_is_installed_by_root(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = on_a_machine(monkeypatch, has={"chromium", "apt-get"})
    browser.install_browser(say=said.append, folder=tmp_path)

    assert [command[2] for command in ran] == ["update", "install"]
    assert ran[1][-2:] == ("chromium", "chromium-driver")


@pytest.mark.parametrize(("has", "user"), [({"apt-get"}, 1000), (set[str](), 0)])
def test_others_read_how_to_install_it(
    has: set[str], user: int, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = on_a_machine(monkeypatch, has=has, user=user)
    browser.install_browser(say=said.append, folder=tmp_path)

    assert ran == []
    assert said == [
        "toolchain: chromium and chromedriver must be on PATH, for tests of pages (they are not). "
        "Use: apt-get install chromium chromium-driver"
    ]
