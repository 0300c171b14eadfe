"""
How an object comes into a cluster and is changed there, and what is said when the API server
refuses.

A create is tried again while its namespace or its definition is missing, since programs do not
always say that one comes before the other. An update first takes over the fields of the create.
Source: pulumi-kubernetes provider/pkg/await/await.go, provider/pkg/ssa/actions.go
"""

from __future__ import annotations

import os
import time

from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes import manifests, ownership
from sandbox.plugins.kubernetes.api import Api, ApiError, NoSuchKind, Unreachable
from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.manifests import Object

# The genuine provider waits as long in all, in five steps from one second on.
RETRY_SECONDS = 31.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0

TAKEOVER_ATTEMPTS = 5

EXISTS = """

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use `pulumi import`."""

GUIDE = (
    "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/"
    "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources"
)
CONFLICT = (
    f"server-side apply field conflict detected, see {GUIDE} for troubleshooting help\n"
    'The resource managed by field manager "{manager}" had an apply conflict: {error}'
)


def manager_of(inputs: Object, outputs: Object) -> str:
    """Name the resource's field manager: as its annotation says, as before, or a new one."""
    return (
        manifests.annotation(inputs, manifests.PATCH_FIELD_MANAGER)
        or outputs.get(manifests.FIELD_MANAGER)
        or f"{ownership.CREATOR}-{os.urandom(4).hex()}"
    )


def create(
    api: Api, obj: Object, manager: str, forces: bool, *, patch: bool, preview: bool
) -> Object:
    """Create an object, or apply a patch of one; what it needs may come a little later."""
    deadline, pause = time.monotonic() + RETRY_SECONDS, FIRST_PAUSE_SECONDS
    while True:
        try:
            if patch:
                return api.apply(obj, manager=manager, force=forces or preview, dry_run=preview)
            return api.create(obj, manager=ownership.CREATOR, dry_run=preview)
        except (ApiError, NoSuchKind) as error:
            missing = isinstance(error, NoSuchKind) or error.status == 404
            hopeless = preview and isinstance(error, ApiError) and error.missing_namespace
            if not missing or hopeless or time.monotonic() + pause > deadline:
                if isinstance(error, ApiError) and error.reason == "Conflict":
                    raise ApiError(error.status, {"message": explained(error, manager)}) from None
                raise
        api.forget_kinds()
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def update(
    api: Api, obj: Object, live: Object, manager: str, forces: bool, *, patch: bool, preview: bool
) -> Object:
    """Change an existing object into what the program says."""
    if manifests.is_definition(obj):
        version = live["metadata"]["resourceVersion"]
        newer = {**obj, "metadata": {**obj["metadata"], "resourceVersion": version}}
        return api.replace(newer, manager=manager, dry_run=preview)
    if not patch and not preview:
        live = _take_over(api, live, manager)
    force = ownership.must_force(live, asked=forces, preview=preview)
    return api.apply(obj, manager=manager, force=force, dry_run=preview)


def _take_over(api: Api, live: Object, manager: str) -> Object:
    """Move the fields of the create to the manager that applies from now on."""
    for attempt in range(TAKEOVER_ATTEMPTS):
        moved = ownership.takeover(live, manager)
        if not moved:
            return live
        try:
            return api.patch(live, moved)
        except ApiError as error:
            # Controllers write the status meanwhile.
            if error.status not in (409, 422) or attempt == TAKEOVER_ATTEMPTS - 1:
                raise
        live = api.get(live["apiVersion"], live["kind"], *manifests.place_of(live))
    return live


def relinquish(api: Api, live: Object, manager: str) -> None:
    """Give up every field that a manager owns; those that nobody else owns vanish."""
    found = manifests.metadata(live)
    kept = {key: found[key] for key in ("name", "namespace") if found.get(key)}
    bare = {"apiVersion": live["apiVersion"], "kind": live["kind"], "metadata": kept}
    api.apply(bare, manager=manager, force=False, dry_run=False)


def is_survivable(error: Refused) -> bool:
    """Tell whether a preview goes on without the server's word: it cannot know what comes first."""
    if isinstance(error, ApiError):
        return error.missing_namespace or error.reason in ("Forbidden", "AlreadyExists")
    return isinstance(error, Unreachable | NoSuchKind)


def explained(error: ApiError, manager: str) -> str:
    """Say what a refusal of the API server means."""
    if error.reason == "AlreadyExists":
        return f"{error}{EXISTS}"
    if error.reason == "Conflict":
        return CONFLICT.format(manager=manager, error=error)
    return str(error)


def not_created(urn: str, kind: Kind, error: Refused) -> str:
    """Say that an object was not created, and why."""
    if isinstance(error, NoSuchKind):
        return (
            f'creation of resource "{urn}" with kind {kind.api_version}/{kind.plain} failed '
            "because the Kubernetes "
            "API server reported that the apiVersion for this resource does not exist. Verify "
            "that any required "
            f"CRDs have been created: {error}"
        )
    if isinstance(error, Unreachable):
        return f"configured Kubernetes cluster is unreachable: {error}"
    why = explained(error, "") if isinstance(error, ApiError) else str(error)
    return f'resource "{urn}" was not successfully created by the Kubernetes API server: {why}'


def not_updated(id: str, error: Refused) -> str:
    """Say that an object could not even be looked at, and why."""
    if isinstance(error, NoSuchKind):
        return (
            f'update of resource "{id}" failed because the Kubernetes API server reported that '
            "the apiVersion for "
            "this resource does not exist. Verify that any required CRDs have been created: "
            f"{error}"
        )
    if isinstance(error, Unreachable):
        return f"configured Kubernetes cluster is unreachable: {error}"
    return f'update of resource "{id}" failed: {error}'
