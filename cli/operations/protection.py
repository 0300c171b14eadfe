"""
Resources that may not be deleted, found before anything is deleted.

A cluster's stack is destroyed after exports, links and roles. If only then the cluster refused,
they would be gone, and callers could no longer call what is still there. So every stack's state is
read before the first one is destroyed: Pulumi's own protection, and the deletion protection of AWS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..errors import RefusedError
from ..runs.run import Project
from ..runs.workspace import Stack

# To read a state is to start `pulumi` once more, which keeps about one processor busy.
READ_AT_ONCE = 4


class ProtectedError(RefusedError):
    """Something that is protected would be deleted; says what, and how to allow it."""


def refuse(
    project: Project, name: str, parts: Sequence[str], *, urns: Sequence[str] = (), command: str
) -> None:
    """
    Refuse to destroy stacks of which one has a protected resource.

    Args:
        parts: the parts that would be destroyed.
        urns: the only resources that would be deleted; empty for all.
        command: how to go on once nothing is protected.

    Raises: ProtectedError.
    """
    stacks = project.stacks(name, list(parts), create=False)
    with ThreadPoolExecutor(max_workers=READ_AT_ONCE) as pool:
        states = zip(stacks, pool.map(_resources, stacks.values()), strict=True)
        found = {part: [*protected(resources, urns)] for part, resources in states}
    if any(found.values()):
        raise ProtectedError(refusal(name, found, command))


def _resources(stack: Stack) -> list[Mapping[str, Any]]:
    return list((stack.export_stack().deployment or {}).get("resources", ()))


def protected(resources: Iterable[Mapping[str, Any]], urns: Sequence[str] = ()) -> Iterator[str]:
    """Name what Pulumi or AWS refuses to delete, as type and logical name; pure."""
    for resource in resources:
        urn = str(resource["urn"])
        outputs = resource.get("outputs") or {}
        if resource.get("delete") or resource.get("external") or (urns and urn not in urns):
            continue
        if resource.get("protect") or outputs.get("deletionProtection") is True:
            yield f"{resource['type']} {urn.split('::')[-1]}"


def refusal(name: str, found: Mapping[str, Sequence[str]], command: str) -> str:
    """Say what is protected, and how to allow its deletion; pure."""
    shown = "; ".join(
        f"stack {name}.{part}: {', '.join(resources)}"
        for part, resources in found.items()
        if resources
    )
    return (
        f"environment {name!r} must have nothing protected in what is destroyed (got {shown}). "
        "Nothing was destroyed. If it really shall go, set protect=False in its description, run "
        f"mesh up {name}, then {command}. For a cluster that is described no more: pulumi state "
        f"unprotect --all --stack {name}.CLUSTER, and turn off its deletion protection on AWS"
    )
