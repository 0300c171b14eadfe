"""
The message about failed stacks: what failed and why, and how to continue.

It ends with a remedy for each cause that linkmesh knows; of another one it says that it is not
known, and where everything is that `pulumi` printed. Tests of environments have seen the commands
of `mesh` and `pulumi` work; those of Helm and kind are from their documentation.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

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
    # Source: helm, pkg/action/install.go (availableName). A release that the state notes as being
    # created was taken over before.
    "cannot re-use a name that is still in use": (
        "Helm has a release of this name that no state knows, of a killed run or of another "
        "installation: helm list --all --all-namespaces. If it is not needed: helm uninstall"
    ),
    # Source: pulumi, pkg/backend/diy/lock.go
    "the stack is currently locked by": (
        "Another process is changing this stack; the message names it. Wait until it has ended. If "
        "its machine is gone: pulumi cancel --yes --stack {stack}"
    ),
    # Source: AWS, EKS API, CreateCluster
    "Cluster already exists with name": (
        "AWS has a cluster of this name: of another environment (mesh plan {name} names it), or "
        "one that a killed run had begun. If it is not needed, delete it: aws eks delete-cluster "
        "--name {part} --region REGION && aws eks wait cluster-deleted --name {part} "
        "--region REGION"
    ),
    # Kubernetes' API server, about objects that others made. `mesh up` looks for them on clusters
    # that it reaches; `pulumi up` does not.
    '" already exists': (
        "Something else made this object. If it is on an existing cluster, its description can say "
        "so: mesh doctor {name} names the field. On a kind or EKS cluster, delete it: kubectl "
        "delete"
    ),
    # Source: helm, pkg/action/validate.go
    "invalid ownership metadata": (
        "Something else installed what this Helm release brings. If it is on an existing cluster, "
        "its description can say so: mesh doctor {name} names the field"
    ),
    # Server-side apply of a patch to a Service that does not exist.
    "spec.ports: Required value": (
        "The exported Service does not exist: a label is added to it, and it is not created. "
        "Deploy it first; or set is_labelled=True in its Export, and let its owner label it as "
        "mesh plan {name} says"
    ),
    # Source: Kubernetes, apimachinery/pkg/util/managedfields (conflict messages)
    "conflict with": (
        "Another field manager, which the message names, sets this field to another value. Let "
        "its owner leave the field out, or set the same value"
    ),
    # Source: pulumi-kubernetes, provider/pkg/provider/provider.go
    "configured Kubernetes cluster is unreachable": (
        "The API server does not answer from here. If its cluster is stopped or its network is "
        "not reachable, start or connect it. If it is gone: mesh up {name} --rebuild CLUSTER"
    ),
    # Source: kubernetes-sigs/kind, pkg/cluster/internal/create/create.go
    "already exist for a cluster with the name": (
        "kind has a cluster of this name on this machine: of another environment (mesh plan {name} "
        "names it), or one that no state knows any more. Use: mesh destroy of that environment; "
        "or kind delete cluster --name {part}"
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
    logs: Mapping[str, Path] | None = None,
) -> str:
    """
    Return what failed and why, what was not started, and how to continue.

    Args:
        name: the environment.
        parts: all parts of the run.
        causes: why parts failed.
        begun: parts that were started.
        continue_with: the command that continues.
        logs: the files with everything that was printed, by part.
    """
    lines, all_known = [], True
    for part, text in causes.items():
        lines.append(f"stack {name}.{part} failed:\n{text}")
        remedies = _remedies(name, part, text)
        if not remedies and not _OURS.search(text):
            all_known = False
            log = (logs or {}).get(part)
            where = f" Everything that pulumi printed: {log}" if log else ""
            remedies = [f"linkmesh does not know this cause.{where}"]
        lines += remedies
    waiting = [part for part in parts if part not in begun]
    if waiting:
        lines.append(f"Not started: {', '.join(f'{name}.{part}' for part in waiting)}.")
    then = "Continue with" if all_known else "Once the cause is removed, continue with"
    lines.append(f"Nothing is lost. {then}: {continue_with}")
    return "\n".join(lines)


# A message of linkmesh itself: a rule, the value, and mostly what to use instead.
_OURS = re.compile(r"\bmust\b.*\((got|it|they)\b")


def _remedies(name: str, part: str, text: str) -> list[str]:
    found = [
        remedy.format(name=name, stack=f"{name}.{part}", part=part)
        for phrase, remedy in REMEDIES.items()
        if phrase in text
    ]
    machine = known(text)
    return [*found, machine] if machine else found
