"""Files for output: what cannot be written is said before a command begins."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.output_files import write_file

COMMANDS = {
    "--svg": ("diagram", "demo"),
    "--out": ("view", "demo"),
    "--markdown": ("preview", "demo"),
    "--output": ("support-bundle", "demo"),
}


@pytest.mark.parametrize("option", COMMANDS)
@pytest.mark.parametrize("name", ["", "missing/file", "folder"])
def test_a_file_that_cannot_be_written_is_an_error_of_its_option(
    option: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    file = str(tmp_path / name) if name else ""

    done = CliRunner().invoke(app, [*COMMANDS[option], option, file])

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{option} must name a file that can be written (got '")


def test_a_disk_without_room_is_named() -> None:
    with pytest.raises(PreconditionError, match="No space left on device"):
        write_file("--out", Path("/dev/full"), "page")


def test_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("old")

    write_file("--out", tmp_path / "page", "n\u00e9w")

    assert (tmp_path / "page").read_text(encoding="utf-8") == "n\u00e9w"
