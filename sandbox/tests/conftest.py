"""
The tests of the sandbox run when something that they depend on changed.

`make test` sets SANDBOX_TESTS=changed; `make test-sandbox`, or pytest with a file, runs all.
"""

import os
from collections import defaultdict
from pathlib import Path

import pytest

from sandbox.home import PROJECT
from sandbox.tests.passed import has_passed, note_passed

ONLY_CHANGED = os.environ.get("SANDBOX_TESTS") == "changed"
HERE = Path(__file__).parent.relative_to(PROJECT)

_unchanged: set[Path] = set()
_outcomes: dict[str, set[str]] = defaultdict(set)


def pytest_sessionstart() -> None:
    """Find out, in each process, which files need not run."""
    if ONLY_CHANGED:
        _unchanged.update(file for file in (PROJECT / HERE).rglob("test_*.py") if has_passed(file))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out a file that passed on this machine as it is."""
    return True if collection_path in _unchanged else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember how the tests of each file ended."""
    if Path(report.location[0]).is_relative_to(HERE):
        _outcomes[report.location[0]].add(report.outcome)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down the files of which every test was run and none failed."""
    is_worker = hasattr(session.config, "workerinput")
    is_part = any(session.config.getoption(each) for each in ("keyword", "markexpr", "maxfail"))
    if is_worker or is_part or any("::" in each for each in session.config.args):
        return
    for file, outcomes in _outcomes.items():
        if outcomes == {"passed"}:
            note_passed(PROJECT / file)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and how to run it."""
    if _unchanged:
        terminalreporter.write_line(
            f"{HERE}: {len(_unchanged)} files passed here and did not change; "
            "make test-sandbox runs them all"
        )
