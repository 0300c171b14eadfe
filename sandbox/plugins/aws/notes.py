"""
What ministack does not know of clusters and node groups: files below the sandbox's `aws` folder.

One file for each resource, named by region, kind and id. Notes about something that ministack does
not have any more mean nothing: whoever reads them looks there first. `sandbox/docs/gaps.md` says
what is in them.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.home import write_atomically
from sandbox.plugins.aws.cloud import Cloud


def write(cloud: Cloud, kind: str, id: str, facts: dict[str, Any]) -> None:
    """Keep facts about one resource, instead of what was kept before."""
    write_atomically(_file(cloud, kind, id), json.dumps(facts, sort_keys=True), mode=0o600)


def read(cloud: Cloud, kind: str, id: str) -> dict[str, Any]:
    """Read what was kept; nothing if nothing was."""
    try:
        facts: dict[str, Any] = json.loads(_file(cloud, kind, id).read_text())
    except FileNotFoundError:
        return {}
    return facts


def forget(cloud: Cloud, kind: str, id: str) -> None:
    """Keep nothing any more."""
    _file(cloud, kind, id).unlink(missing_ok=True)


def _file(cloud: Cloud, kind: str, id: str) -> Path:
    return cloud.home.aws / "notes" / cloud.region / kind / f"{quote(id, safe='')}.json"
