"""What is said when the command on a stack fails: what failed and why, and how to go on."""

from collections.abc import Collection, Mapping, Sequence

from pulumi import automation

from components import names

# What a provider says that helps nobody who does not know it, and what to do.
# Source: pulumi-kubernetes, provider/pkg/ssa, Relinquish: to give up a field is to apply the object
# without it, and so to make an object that is gone.
REMEDIES = {
    "this Patch resource is currently managing a required field": (
        "The object of this patch is gone already, so nothing can be taken back from it. "
        "Forget the patch: pulumi refresh --stack {stack}"
    ),
    # Source: helm, pkg/action/action.go (errPending)
    "another operation (install/upgrade/rollback) is in progress": (
        "A run was interrupted while Helm worked. mesh status names the release and what repairs "
        "it: helm rollback, or helm uninstall after a first installation"
    ),
    # CloudWatch Logs says so. EKS writes logs for some time after a cluster was deleted.
    "The specified log group already exists": (
        "EKS wrote the last logs of an earlier cluster after its deletion, and so made their log "
        "group again, without retention. Delete it: aws logs delete-log-group --log-group-name "
        f"{names.control_plane_log_group('{part}')} --region REGION"
    ),
}


def cause(error: BaseException) -> str:
    """Take from a failed command what a person can use: its diagnostics."""
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
    go_on: str,
) -> str:
    """
    Say what failed and why, what was not started, and how to go on.

    Args:
        name: the environment.
        parts: all stacks that were to be worked on.
        causes: why stacks failed, by part.
        begun: parts that were started.
        go_on: the command that takes up what is left.
    """
    lines = [
        line
        for part, said in causes.items()
        for line in (f"stack {name}.{part} failed:\n{said}", *_remedies(f"{name}.{part}", said))
    ]
    waiting = [part for part in parts if part not in begun]
    if waiting:
        lines.append(f"Not started: {', '.join(f'{name}.{part}' for part in waiting)}.")
    lines.append(f"Nothing is lost. Go on with: {go_on}")
    return "\n".join(lines)


def _remedies(stack: str, said: str) -> list[str]:
    part = stack.partition(".")[2]
    return [
        remedy.format(stack=stack, part=part)
        for phrase, remedy in REMEDIES.items()
        if phrase in said
    ]
