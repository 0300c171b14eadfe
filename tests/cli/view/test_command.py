"""`mesh view`: a file, or a server until Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from pulumi import automation
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.cli.view import collect, command
from linkmesh.cli.view.collect import described_only, followed
from linkmesh.stacks import load
from tests.cli.status import observed as status
from tests.project import PROJECT


def mesh(*argv: str) -> tuple[int, str]:
    """Type a command; returns its exit code and all that it printed."""
    done = CliRunner().invoke(app, argv)
    return done.exit_code, done.output


def test_the_page_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "load_plan", lambda _: status.described())
    monkeypatch.setattr(collect, "Project", SimpleNamespace(open=lambda folder: folder))
    monkeypatch.setattr(collect, "collect", lambda *_: status.healthy())
    out = tmp_path / "shop.html"

    assert mesh("view", "demo", "--out", str(out)) == (0, f"{out} written: open it in a browser\n")
    assert "everything is healthy" in out.read_text()


def test_a_described_page_needs_neither_engine_nor_cluster(tmp_path: Path) -> None:
    out = tmp_path / "prod.html"

    assert mesh("view", "prod", "--described", "--out", str(out))[0] == 0
    assert "only the description is shown" in out.read_text()


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (["--watch", "--out", "x.html"], "--watch must not be combined with --out"),
        (["--watch", "--described"], "--watch must not be combined with --out"),
        (["--port", "8080"], "--port must be combined with --watch"),
        (
            ["--described", "--out", "missing/x.html"],
            "--out must name a file that can be written (got 'missing/x.html': there",
        ),
        (["--described", "--preview", "missing.md"], "file missing.md must be readable"),
    ],
)
def test_what_cannot_be_is_an_error(argv: list[str], problem: str) -> None:
    code, printed = mesh("view", "demo", *argv)

    assert code == 2
    assert problem in " ".join(printed.replace("│", " ").split())


def test_while_it_follows_an_error_is_shown_and_the_next_reading_may_work(tmp_path: Path) -> None:
    plan = load("demo")
    (tmp_path / "Pulumi.yaml").touch()

    def fail(*_: Any) -> None:
        raise automation.CommandError(automation.CommandResult("", "error: no passphrase", 255))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collect, "observed", fail)
        found = followed(described_only("demo", plan, None), tmp_path)

    assert found.report is None
    assert found.unread.startswith("the state could not be read: `pulumi` failed:")
    assert "no passphrase" in found.unread


def test_ctrl_c_ends_the_server_without_a_traceback(tmp_path: Path) -> None:
    variables = {**os.environ, "PULUMI_BACKEND_URL": tmp_path.as_uri(), "HOME": str(tmp_path)}
    started = subprocess.Popen(
        [sys.executable, "-m", "linkmesh.cli", "view", "demo", "--watch"],
        cwd=PROJECT,
        env={**variables, "PYTHONUNBUFFERED": "1"},
        # Tests that a shell runs in the background ignore it, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout is not None
        line = started.stdout.readline()
        address = re.match(r"http://127\.0\.0\.1:\d+/", line)
        assert address is not None, line
        answer = httpx2.get(address[0], trust_env=False)

        started.send_signal(signal.SIGINT)
        printed, problems = started.communicate(timeout=60)
    finally:
        started.kill()

    assert "Environment demo" in answer.text
    assert (started.returncode, printed, problems) == (0, "ended\n", "")
