"""The page of conformance: all cases are on it, and what it calls proof exists."""

import re

import pytest

from tests.project import PROJECT

PAGE = (PROJECT / "docs" / "conformance.md").read_text()
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| C\d+ \|", line)]
TESTS = sorted(set(re.findall(r"`((?:sandbox/)?tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_every_case_has_a_row() -> None:
    assert [row.split("|")[1].strip() for row in ROWS] == [f"C{number}" for number in range(1, 23)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_case_has_a_state(row: str) -> None:
    state, proof = (cell.strip() for cell in row.split("|")[4:6])

    assert state.startswith(("proven", "in part", "not provable here", "open"))
    assert proof != "-" or state.startswith(("open", "not provable here"))


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_what_is_called_proof_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (PROJECT / file).read_text()
