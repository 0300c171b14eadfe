"""The record of what a stack was last deployed from, below the project's `.linkmesh/`."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..runs import json_file

FOLDER = Path(".linkmesh", "deployed")


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a stack was last deployed from, as digests."""

    deployed_from: str
    """Of everything that a run of it depends on, its state included."""

    state: str
    """Of its state."""

    outputs: str
    """Of its outputs, secrets included."""

    policies: tuple[str, ...] = ()
    """Of the policies to which a preview of it had nothing to say."""


def read(folder: Path, stack: str) -> Record | None:
    """Return the record of a stack; None if it has none that can be read."""
    try:
        known = json.loads(_file(folder, stack).read_text(encoding="utf-8"))
        return Record(**{**known, "policies": tuple(known["policies"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(folder: Path, stack: str, record: Record) -> None:
    """Store the record of a stack; where nothing can be written, the next run is not skipped."""
    with suppress(OSError):
        json_file.write(_file(folder, stack), asdict(record))


def _file(folder: Path, stack: str) -> Path:
    return folder / FOLDER / f"{stack}.json"
