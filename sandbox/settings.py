"""
What may be genuine in a sandbox instead of imitated, as a start was told by variables.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.home import Home, SandboxError


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What may be genuine instead of imitated."""

    plugins: str | None = None
    """A folder of genuine plugin programs (LINKMESH_PLUGINS)."""
    charts: str | None = None
    """Where genuine charts are (LINKMESH_CHARTS): a folder, a repository or a registry."""
    aws_charts: str | None = None
    """Where the genuine chart of AWS' load balancer controller is (LINKMESH_AWS_CHARTS)."""
    mirror: bool = True
    """Whether our mirror controllers run, which genuine ones do not need (LINKMESH_MIRROR=off)."""
    balancers: bool = True
    """Whether our load balancer controllers run (LINKMESH_BALANCERS=off: somebody else's do)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings that a start is given."""
        plugins = environment.get("LINKMESH_PLUGINS") or None
        return cls(
            plugins=None if plugins is None else str(Path(plugins).resolve()),
            charts=_location(environment.get("LINKMESH_CHARTS") or None),
            aws_charts=_location(environment.get("LINKMESH_AWS_CHARTS") or None),
            mirror=_is_on(environment, "LINKMESH_MIRROR", "mirror controllers"),
            balancers=_is_on(environment, "LINKMESH_BALANCERS", "load balancer controllers"),
        )


def settings_file(home: Home) -> Path:
    """Give the file in which a start writes its settings."""
    return home.root / "settings.json"


def read_settings(home: Home) -> Settings | None:
    """Read what was chosen at the start; None if there was none."""
    try:
        return Settings(**json.loads(settings_file(home).read_text()))
    except FileNotFoundError:
        return None


def _is_on(environment: Mapping[str, str], name: str, what: str) -> bool:
    value = environment.get(name, "on")
    if value not in {"on", "off"}:
        raise SandboxError(
            f"{name} must be on or off (got {value!r}). It says whether our imitation of the "
            f"{what} runs. Unset it, or: {name}=off"
        )
    return value == "on"


def _location(charts: str | None) -> str | None:
    """Name a folder absolutely; leave a repository's or registry's address alone."""
    return charts if charts is None or "://" in charts else str(Path(charts).resolve())
