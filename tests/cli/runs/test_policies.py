"""The policy pack: whether it is installed, and its violations."""

from pathlib import Path

from linkmesh.cli.runs.policies import has_pack, packs, violation
from tests.cli.preview.events import error, policy


def pack(folder: Path) -> Path:
    """Make a project with the pack, which is not installed."""
    made = folder / "policies"
    made.mkdir()
    (made / "PulumiPolicy.yaml").write_text("runtime: python\n")
    return made


def test_a_pack_counts_once_its_own_environment_has_the_sdk(tmp_path: Path) -> None:
    made = pack(tmp_path)
    before = packs(tmp_path)
    (made / ".venv" / "lib" / "python3.12" / "site-packages" / "pulumi_policy").mkdir(parents=True)

    assert before == []
    assert has_pack(tmp_path)
    assert packs(tmp_path) == [str(made)]


def test_a_project_without_a_pack_has_none(tmp_path: Path) -> None:
    assert packs(tmp_path) == []
    assert not has_pack(tmp_path)


def test_a_violation_is_a_line_without_secrets() -> None:
    line = violation("west", policy("no-keys", "token: abcdefghij\nmust go", "mandatory"))

    assert line.startswith("mandatory policy no-keys: west")
    assert line.endswith(": token: [secret] must go")


def test_other_events_are_no_violations() -> None:
    assert violation("west", error("no such region")) == ""
