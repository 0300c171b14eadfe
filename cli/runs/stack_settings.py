"""The settings file of a stack: `Pulumi.<stack>.yaml`, read without starting `pulumi`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


def settings_file(folder: Path, stack: str) -> Path:
    """Return where the settings of a stack are."""
    return folder / f"Pulumi.{stack}.yaml"


def read_settings(file: Path) -> Mapping[str, Any]:
    """Return the settings in a file; none if it cannot be read: Pulumi says what is wrong then."""
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return read if isinstance(read, Mapping) else {}
