"""
The policy pack of `policies/`: whether it is installed, and what it reports.

It runs in a virtual environment of its own, because it needs other packages than the program does.
If that is not installed, previews run without policies and say so. A project may have no pack.
"""

from pathlib import Path

from pulumi.automation.events import EngineEvent

from ..redaction import redacted

NOT_RUN = "policies were not run: their environment is not installed. Use: make policies"


def packs(folder: Path) -> list[str]:
    """List the folders of the installed policy packs of a project."""
    pack = folder / "policies"
    installed = any(pack.glob(".venv/lib/python*/site-packages/pulumi_policy"))
    return [str(pack.resolve())] if installed and has_pack(folder) else []


def has_pack(folder: Path) -> bool:
    """Return whether a project has a policy pack, installed or not."""
    return (folder / "policies" / "PulumiPolicy.yaml").exists()


def violation(part: str, event: EngineEvent) -> str:
    """Return a policy violation as one line; empty if an event is something else."""
    found = getattr(event, "policy_event", None)
    if found is None:
        return ""
    resource = (found.resource_urn or "").rsplit("::", 1)[-1]
    about = f"{part}, {resource}" if resource else part
    message = redacted(" ".join(found.message.split()))
    return f"{found.enforcement_level} policy {found.policy_name}: {about}: {message}"
