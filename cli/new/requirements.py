"""
The packages of a new project, each with the version with which this linkmesh was tested.

linkmesh itself is pinned to what is installed here: a version of an index, or the address and
commit that pip installed it from.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

# What this linkmesh was tested with: requirements.txt, in an installation below linkmesh/.
PINS = Path(__file__).resolve().parents[2] / "requirements.txt"

KIND_SDK = "./sdks/kind"
AWS = "pulumi-aws"


@dataclass(frozen=True)
class Origin:
    """Where the linkmesh that runs was installed from."""

    version: str
    """Its version."""

    address: str = ""
    """The address that pip installed it from; empty for a version of an index."""

    is_of_this_machine: bool = False
    """Whether it came from a file or folder, which is no address for others."""

    def requirement(self, extras: str) -> str:
        """Return the requirement of the same linkmesh, with extras such as `[aws]`."""
        if self.address:
            return f"linkmesh{extras} @ {self.address}"
        return f"linkmesh{extras}=={self.version}"


def requirements(origin: Origin, pins: str, *, has_eks: bool, has_kind: bool) -> str:
    """
    Write requirements.txt.

    Args:
        pins: requirements with which linkmesh was tested.
    """
    pinned = [line for line in pins.splitlines() if "==" in line]
    lines = [
        origin.requirement("[aws]" if has_eks else ""),
        *(line for line in pinned if has_eks or not line.startswith(f"{AWS}==")),
        *([KIND_SDK] if has_kind else []),
    ]
    return "".join(f"{line}\n" for line in lines)


def installed() -> Origin:
    """Return the origin of the linkmesh that runs."""
    try:
        distribution = metadata.distribution("linkmesh")
    except metadata.PackageNotFoundError:
        return Origin(_version_of_checkout(), is_of_this_machine=True)
    recorded = json.loads(distribution.read_text("direct_url.json") or "{}")
    return origin_of(distribution.version, recorded)


def origin_of(version: str, recorded: Mapping[str, object]) -> Origin:
    """
    Return the origin of an installation.

    Args:
        recorded: content of `direct_url.json`; empty if it came from an index.
    Source: packaging.python.org, "Recording the Direct URL Origin of installed distributions"
    """
    url, vcs = str(recorded.get("url", "")), recorded.get("vcs_info")
    if url.startswith("file:"):
        return Origin(version, is_of_this_machine=True)
    if isinstance(vcs, Mapping):
        return Origin(version, f"{vcs['vcs']}+{url}@{vcs['commit_id']}")
    return Origin(version, url)


def _version_of_checkout() -> str:
    text = (PINS.parent / "pyproject.toml").read_text()
    found = re.search(r'^version = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else ""
