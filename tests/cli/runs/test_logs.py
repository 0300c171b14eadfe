"""What is stored of a failure."""

from pathlib import Path

from linkmesh.cli.runs.logs import fault_text, store


def test_everything_is_stored_for_its_owner_without_secrets(tmp_path: Path) -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"

    file = store(tmp_path, "demo.west", f"it broke\n{key}")

    assert file == tmp_path / ".linkmesh" / "logs" / "demo.west.log"
    assert "it broke" in file.read_text()
    assert "MIIE" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_next_failure_replaces_the_log(tmp_path: Path) -> None:
    store(tmp_path, "demo.west", "a long first failure")

    assert store(tmp_path, "demo.west", "short").read_text() == "short"


def test_a_fault_of_linkmesh_is_one_message_and_a_traceback_in_a_file(tmp_path: Path) -> None:
    known: dict[str, int] = {}
    try:
        known["west"]
    except KeyError as error:
        text = fault_text(error, tmp_path)

    file = tmp_path / ".linkmesh" / "logs" / "mesh.log"
    assert text == (
        "mesh failed in a way that it does not know (KeyError: 'west'). This is a fault of "
        f"linkmesh. Its traceback is in {file}; please report it with that file"
    )
    assert "Traceback (most recent call last)" in file.read_text()
