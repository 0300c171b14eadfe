"""
Finds protected resources before anything is deleted.

A cluster's stack is destroyed after exports, links and roles. If AWS refused to delete the cluster
only then, these would be gone, and callers could not call what still runs. So the state of every
stack is read before the first one is destroyed, for Pulumi's own protection and the deletion
protection of AWS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..errors import PreconditionError
from ..runs.project import Project
from ..runs.pulumi_command import PULUMI_IN_PARALLEL
from ..runs.workspace import Stack


class ProtectedError(PreconditionError):
    """A protected resource would be deleted; the message names it, and how to allow it."""


def check(
    project: Project, name: str, parts: Sequence[str], *, urns: Sequence[str] = (), command: str
) -> None:
    """
    Check stacks that would be destroyed for protected resources.

    Args:
        parts: the parts that would be destroyed.
        urns: the only resources that would be deleted; empty for all.
        command: the command to repeat once nothing is protected.

    Raises: ProtectedError.
    """
    stacks = project.stacks(name, list(parts), create=False)
    with ThreadPoolExecutor(max_workers=PULUMI_IN_PARALLEL) as pool:
        states = zip(stacks, pool.map(_resources, stacks.values()), strict=True)
        found = {part: [*protected(resources, urns)] for part, resources in states}
    if any(found.values()):
        raise ProtectedError(protected_message(name, found, command))


def _resources(stack: Stack) -> list[Mapping[str, Any]]:
    return list((stack.export_stack().deployment or {}).get("resources", ()))


def protected(resources: Iterable[Mapping[str, Any]], urns: Sequence[str] = ()) -> Iterator[str]:
    """List what Pulumi or AWS refuses to delete, as type and logical name."""
    for resource in resources:
        urn = str(resource["urn"])
        outputs = resource.get("outputs") or {}
        if resource.get("delete") or resource.get("external") or (urns and urn not in urns):
            continue
        if resource.get("protect") or outputs.get("deletionProtection") is True:
            yield f"{resource['type']} {urn.split('::')[-1]}"


def protected_message(name: str, found: Mapping[str, Sequence[str]], command: str) -> str:
    """Return what is protected, and how to allow its deletion."""
    shown = "; ".join(
        f"stack {name}.{part}: {', '.join(resources)}"
        for part, resources in found.items()
        if resources
    )
    return (
        f"environment {name!r} must have nothing protected in what is destroyed (got {shown}). "
        "Nothing was destroyed. To delete it anyway, set protect=False in its description, run "
        f"mesh up {name}, then {command}. For a cluster that is no longer described: pulumi state "
        f"unprotect --all --stack {name}.CLUSTER, and turn off its deletion protection on AWS"
    )
