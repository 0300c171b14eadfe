"""The state of a stack, as `pulumi stack export` gives it and `pulumi stack import` takes it."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .pulumi_command import pulumi


def export_state(folder: Path, stack: str) -> dict[str, Any]:
    """Read a stack's state, in which secrets are encrypted."""
    return dict(json.loads(pulumi(folder, "stack", "export", "--stack", stack)))


def import_state(folder: Path, stack: str, state: Mapping[str, Any]) -> None:
    """Replace a stack's state; secrets in it are encrypted."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "state.json"
        file.write_text(json.dumps(state), encoding="utf-8")
        pulumi(folder, "stack", "import", "--stack", stack, "--file", str(file))
