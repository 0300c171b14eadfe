"""
500 descriptions, each valid but for one place: none ends in a traceback, none is accepted.

They are written as files and loaded as every command loads them. The same descriptions, written
otherwise but meant alike, give the same plan.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from linkmesh.stacks import environments, load
from linkmesh.stacks.errors import LoadError
from tests.descriptions import broken, valid
from tests.descriptions.source import Call, file_of

SEEDS = range(500)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a folder of descriptions beside the project's own."""
    monkeypatch.setattr(environments, "__path__", [*environments.__path__, str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for name in [
        name for name in sys.modules if name.startswith("linkmesh.stacks.environments.generated")
    ]:
        del sys.modules[name]


def refusal(folder: Path, name: str, environment: Call) -> str:
    """Load a description; return its problems, or nothing."""
    (folder / f"{name}.py").write_text(file_of(environment), encoding="utf-8")
    try:
        load(name)
    except LoadError as error:
        return str(error)
    return ""


def test_a_description_that_is_broken_in_one_place_is_an_error_in_one_message(folder: Path) -> None:
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in SEEDS:
        how, environment = broken.broken(valid.environment(Random(seed)), Random(seed))
        try:
            why = refusal(folder, f"generated{seed}", environment)
        except Exception as error:
            ends["traceback"] += 1
            wrong.append(f"{seed} {how}: {type(error).__name__}: {error}")
            continue
        ends[f"error, broken by {how.split(':')[0]}" if why else "accepted"] += 1
        if not why:
            wrong.append(f"{seed} {how}: accepted")

    assert wrong == []
    assert sum(ends.values()) == len(SEEDS)
    assert set(ends) == {f"error, broken by {kind}" for kind in ("type", "value", "shape")}


def test_a_description_that_is_written_otherwise_has_the_same_plan(folder: Path) -> None:
    for seed in range(60):
        described = valid.environment(Random(seed))
        names = f"generated_plain{seed}", f"generated_other{seed}"
        assert refusal(folder, names[0], described) == ""
        assert refusal(folder, names[1], broken.rewritten(described, Random(seed))) == ""
        assert load(names[0]) == load(names[1])
