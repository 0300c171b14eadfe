"""
The policy pack of `policies/`: whether it can judge a preview, and what it had to say.

It runs from an environment of its own, since it wants other packages than the program does. Where
that is not installed, previews go without it and say so.
"""

from pathlib import Path

from pulumi.automation.events import EngineEvent

from ..redaction import redacted

NOT_RUN = "policies were not run: their environment is not installed. Use: make policies"


def packs(folder: Path) -> list[str]:
    """Name the folders of the policy packs of a project that are installed."""
    pack = folder / "policies"
    installed = any(pack.glob(".venv/lib/python*/site-packages/pulumi_policy"))
    return [str(pack.resolve())] if installed and (pack / "PulumiPolicy.yaml").exists() else []


def told(part: str, event: EngineEvent) -> str:
    """Say in a line what a policy found, if that is what an event tells; else nothing."""
    found = getattr(event, "policy_event", None)
    if found is None:
        return ""
    resource = (found.resource_urn or "").rsplit("::", 1)[-1]
    about = f"{part}, {resource}" if resource else part
    message = redacted(" ".join(found.message.split()))
    return f"{found.enforcement_level} policy {found.policy_name}: {about}: {message}"
