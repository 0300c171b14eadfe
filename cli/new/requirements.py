"""
The packages of a new project, each with the version with which this linkmesh was tested.

linkmesh itself is pinned to what is installed here: a version of an index, or the address and
commit that pip installed it from.
"""

import json
import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

# What this linkmesh was tested with: requirements.txt, in an installation below linkmesh/.
PINS = Path(__file__).resolve().parents[2] / "requirements.txt"

KIND_SDK = "./sdks/kind"
AWS = "pulumi-aws"


def requirements(*, linkmesh: str, pins: str, has_eks: bool, has_kind: bool) -> str:
    """
    Write requirements.txt.

    Args:
        linkmesh: requirement of linkmesh itself, with `{extras}` where its extras go.
        pins: requirements with which it was tested.
    """
    pinned = [line for line in pins.splitlines() if "==" in line]
    lines = [
        linkmesh.format(extras="[aws]" if has_eks else ""),
        *(line for line in pinned if has_eks or not line.startswith(f"{AWS}==")),
        *([KIND_SDK] if has_kind else []),
    ]
    return "".join(f"{line}\n" for line in lines)


def installed() -> str:
    """Return the requirement of the linkmesh that runs; in a checkout, of its version."""
    try:
        distribution = metadata.distribution("linkmesh")
    except metadata.PackageNotFoundError:
        return f"linkmesh{{extras}}=={_version_of_checkout()}"
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    return requirement_of(distribution.version, origin)


def requirement_of(version: str, origin: Mapping[str, object]) -> str:
    """
    Return the requirement of an installation.

    Args:
        origin: content of `direct_url.json`; empty if it came from an index. A folder or file of
            this machine is no address for others, so its version is required.
    Source: packaging.python.org, "Recording the Direct URL Origin of installed distributions"
    """
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    if isinstance(vcs, Mapping):
        return f"linkmesh{{extras}} @ {vcs['vcs']}+{url}@{vcs['commit_id']}"
    if url.startswith("https://"):
        return f"linkmesh{{extras}} @ {url}"
    return f"linkmesh{{extras}}=={version}"


def _version_of_checkout() -> str:
    text = (PINS.parent / "pyproject.toml").read_text()
    found = re.search(r'^version = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else ""
