"""
Removes from a source what Linkerd leaves of a link that is gone; talks to its API server.

Nothing is touched while the `Link` is there: its mirrors are in use, and a running controller would
not make them again. It looks until it finds nothing, since a controller that was just told to stop
may still write.
"""

import time
from collections.abc import Iterator
from typing import Any

from lightkube import ApiError, Client
from lightkube.generic_resource import create_namespaced_resource
from lightkube.operators import exists
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.coordination_v1 import Lease
from lightkube.resources.core_v1 import Endpoints, Service
from lightkube.types import PatchType

from ... import api_server, names
from ..labels import (
    LINK_GROUP,
    LINK_VERSION,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
    REMOTE_DISCOVERY,
)
from .orphans import DEPLOYMENT, ENDPOINTS, LEASE, SERVICE, Removal, Seen, removals, targets_seen

LinkObject = create_namespaced_resource(LINK_GROUP, LINK_VERSION, "Link", "links")

KINDS: dict[str, Any] = {
    SERVICE: Service,
    ENDPOINTS: Endpoints,
    LEASE: Lease,
    DEPLOYMENT: Deployment,
}

# Three looks: Linkerd's controllers stop at once, and finish what they had begun.
LOOKS = 3
PAUSE_SECONDS = 1.0


def sweep(kubeconfig: str, target: str) -> list[str]:
    """
    Remove what is left of the link to a target; return what was removed, in words.

    Args:
        kubeconfig: an administrator's of the source.
    """
    client = _client(kubeconfig)
    done: list[str] = []
    for _ in range(LOOKS):
        if names.link(target) in _links(client):
            break
        steps = removals([*_seen(client)], target)
        if not steps:
            break
        done += [_do(client, step) for step in steps]
        time.sleep(PAUSE_SECONDS)
    return list(dict.fromkeys(done))


def sweep_all(kubeconfig: str) -> dict[str, list[str]]:
    """Remove what is left of every link that a source has no more; return it by target."""
    swept = {target: sweep(kubeconfig, target) for target in sorted(unlinked(kubeconfig))}
    return {target: done for target, done in swept.items() if done}


def unlinked(kubeconfig: str) -> set[str]:
    """Tell of which clusters a source has mirrors or a Lease although it has no `Link` to them."""
    client = _client(kubeconfig)
    return targets_seen(_seen(client)) - _links(client)


def _client(kubeconfig: str) -> Client:
    return api_server.client(kubeconfig, timeout_seconds=api_server.CHANGE_TIMEOUT_SECONDS)


def _links(client: Client) -> set[str]:
    """Name the links of a source; none where Linkerd's kinds are gone already."""
    try:
        links: Any = client.list(LinkObject, namespace=MULTICLUSTER_NAMESPACE)
        return {each.metadata.name for each in links}
    except ApiError as error:
        if error.status.code != 404:
            raise
        return set()


def _seen(client: Client) -> Iterator[Seen]:
    """List whatever might be left, with what it depends on."""
    mirrors: Any = {MIRRORED_SERVICE: exists()}
    of_cluster: Any = {REMOTE_CLUSTER_NAME: exists()}
    found: dict[tuple[str, str, str], Seen] = {}
    for kind, labels in ((SERVICE, mirrors), (SERVICE, of_cluster), (ENDPOINTS, of_cluster)):
        for each in client.list(KINDS[kind], namespace="*", labels=labels):
            seen = _as_seen(kind, each)
            found[kind, seen.namespace, seen.name] = seen
    yield from found.values()
    for kind in (LEASE, DEPLOYMENT):
        for each in client.list(KINDS[kind], namespace=MULTICLUSTER_NAMESPACE):
            yield _as_seen(kind, each)


def _as_seen(kind: str, found: Any) -> Seen:
    metadata = found.metadata
    return Seen(
        kind=kind,
        namespace=metadata.namespace or "",
        name=metadata.name or "",
        labels=metadata.labels or {},
        annotations=metadata.annotations or {},
    )


def _do(client: Client, step: Removal) -> str:
    kind, what = KINDS[step.kind], f"{step.kind} {step.namespace}/{step.name}"
    try:
        if step.members is None:
            client.delete(kind, step.name, namespace=step.namespace)
            return what
        # Without members the annotation itself goes, as Linkerd does it.
        change = {"metadata": {"annotations": {REMOTE_DISCOVERY: step.members or None}}}
        client.patch(kind, step.name, change, namespace=step.namespace, patch_type=PatchType.MERGE)
    except ApiError as error:
        if error.status.code != 404:
            raise
    return f"members of {what}" if step.members is not None else what
