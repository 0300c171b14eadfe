"""Files of a project below `.linkmesh/` that commands read again: one is whole, or as it was."""

import json
from pathlib import Path
from typing import Any


def write(file: Path, value: Any) -> None:
    """
    Replace a file by a value as JSON; a command that is killed meanwhile leaves the old one.

    Raises: OSError if it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text(json.dumps(value, indent=2), encoding="utf-8")
    written.replace(file)
