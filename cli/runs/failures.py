"""The message about failed stacks: what failed and why, and how to continue."""

from collections.abc import Collection, Mapping, Sequence

from pulumi import automation

from linkmesh import names

from ..machine_errors import known

# A message of CloudWatch Logs. EKS writes logs for some time after a cluster was deleted.
LOG_GROUP_EXISTS = "The specified log group already exists"

# Errors of providers that do not say what to do, and their remedies.
# Source: pulumi-kubernetes, provider/pkg/ssa, Relinquish: to release a field is to apply the object
# without it, which would create an object that was deleted.
REMEDIES = {
    "this Patch resource is currently managing a required field": (
        "The object of this patch was deleted, so the patch cannot be reverted. "
        "Remove the patch from the state: pulumi refresh --stack {stack}"
    ),
    # Source: helm, pkg/action/action.go (errPending)
    "another operation (install/upgrade/rollback) is in progress": (
        "A run was interrupted while Helm worked. mesh status names the release and what repairs "
        "it: helm rollback, or helm uninstall after a first installation"
    ),
    LOG_GROUP_EXISTS: (
        "EKS wrote the last logs of an earlier cluster after its deletion, and so created their "
        "log group again, without retention. mesh up takes it over; if it could not, delete it: "
        "aws logs delete-log-group --log-group-name "
        f"{names.control_plane_log_group('{part}')} --region REGION"
    ),
}


def cause(error: BaseException) -> str:
    """Return the diagnostics of a failed command, or its whole message if it has none."""
    text = str(error)
    if isinstance(error, automation.CommandError):
        start = text.find("Diagnostics:")
        end = text.find("\nOutputs:", start)
        text = text[start if start >= 0 else 0 : end if end > start >= 0 else None]
    return "\n".join(f"  {line}" for line in text.strip().splitlines() if line.strip())


def failure_text(
    name: str,
    parts: Sequence[str],
    causes: Mapping[str, str],
    begun: Collection[str],
    continue_with: str,
) -> str:
    """
    Return what failed and why, what was not started, and how to continue.

    Args:
        name: the environment.
        parts: all parts of the run.
        causes: why parts failed.
        begun: parts that were started.
        continue_with: the command that continues.
    """
    lines = [
        line
        for part, text in causes.items()
        for line in (f"stack {name}.{part} failed:\n{text}", *_remedies(f"{name}.{part}", text))
    ]
    waiting = [part for part in parts if part not in begun]
    if waiting:
        lines.append(f"Not started: {', '.join(f'{name}.{part}' for part in waiting)}.")
    lines.append(f"Nothing is lost. Continue with: {continue_with}")
    return "\n".join(lines)


def _remedies(stack: str, text: str) -> list[str]:
    part = stack.partition(".")[2]
    found = [
        remedy.format(stack=stack, part=part)
        for phrase, remedy in REMEDIES.items()
        if phrase in text
    ]
    machine = known(text)
    return [*found, machine] if machine else found
