"""
Removal of the objects that Linkerd leaves on a source after a link was removed.

Nothing is removed while the `Link` exists: its mirrors are in use, and a running controller would
not make them again. The search repeats until it finds nothing, because a controller that is
terminating may still write.
"""

import time
from collections.abc import Iterator
from typing import Any

from httpx2 import HTTPStatusError
from lightkube import Client
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
from .orphans import (
    DEPLOYMENT,
    ENDPOINTS,
    LEASE,
    SERVICE,
    MirrorObject,
    Removal,
    removals,
    targets_of,
)

LinkObject = create_namespaced_resource(LINK_GROUP, LINK_VERSION, "Link", "links")

KINDS: dict[str, Any] = {
    SERVICE: Service,
    ENDPOINTS: Endpoints,
    LEASE: Lease,
    DEPLOYMENT: Deployment,
}

# Linkerd's controllers stop at once, and finish what they had begun.
ATTEMPTS = 3
PAUSE_SECONDS = 1.0


def remove_orphans(kubeconfig: str, target: str) -> list[str]:
    """
    Remove what is left of the link to a target; return the removed objects, in words.

    Args:
        kubeconfig: kubeconfig of an administrator of the source.
    """
    client = _client(kubeconfig)
    removed: list[str] = []
    for _ in range(ATTEMPTS):
        if names.link(target) in _links(client):
            break
        steps = removals([*_objects(client)], target)
        if not steps:
            break
        removed += [_remove(client, step) for step in steps]
        time.sleep(PAUSE_SECONDS)
    return list(dict.fromkeys(removed))


def remove_all_orphans(kubeconfig: str) -> dict[str, list[str]]:
    """Remove what is left of every removed link of a source; return the objects by target."""
    removed = {
        target: remove_orphans(kubeconfig, target) for target in sorted(unlinked(kubeconfig))
    }
    return {target: objects for target, objects in removed.items() if objects}


def unlinked(kubeconfig: str) -> set[str]:
    """List the clusters of which a source has mirrors or a Lease but no `Link`."""
    client = _client(kubeconfig)
    return targets_of(_objects(client)) - _links(client)


def _client(kubeconfig: str) -> Client:
    return api_server.client(kubeconfig, timeout_seconds=api_server.CHANGE_TIMEOUT_SECONDS)


def _links(client: Client) -> set[str]:
    """List the links of a source; none if Linkerd's kinds do not exist."""
    try:
        links: Any = client.list(LinkObject, namespace=MULTICLUSTER_NAMESPACE)
        return {each.metadata.name for each in links}
    except HTTPStatusError as error:
        if not api_server.is_missing(error):
            raise
        return set()


def _objects(client: Client) -> Iterator[MirrorObject]:
    """List the objects that may be orphans, with the Deployments they depend on."""
    mirrors: Any = {MIRRORED_SERVICE: exists()}
    of_cluster: Any = {REMOTE_CLUSTER_NAME: exists()}
    found: dict[tuple[str, str, str], MirrorObject] = {}
    for kind, labels in ((SERVICE, mirrors), (SERVICE, of_cluster), (ENDPOINTS, of_cluster)):
        for each in client.list(KINDS[kind], namespace="*", labels=labels):
            candidate = MirrorObject.of(kind, each.metadata)
            found[kind, candidate.namespace, candidate.name] = candidate
    yield from found.values()
    for kind in (LEASE, DEPLOYMENT):
        for each in client.list(KINDS[kind], namespace=MULTICLUSTER_NAMESPACE):
            yield MirrorObject.of(kind, each.metadata)


def _remove(client: Client, step: Removal) -> str:
    kind, what = KINDS[step.kind], f"{step.kind} {step.namespace}/{step.name}"
    try:
        if step.members is None:
            client.delete(kind, step.name, namespace=step.namespace)
            return what
        # Without members the annotation itself goes, as Linkerd does it.
        change = {"metadata": {"annotations": {REMOTE_DISCOVERY: step.members or None}}}
        client.patch(kind, step.name, change, namespace=step.namespace, patch_type=PatchType.MERGE)
    except HTTPStatusError as error:
        if not api_server.is_missing(error):
            raise
    return f"members of {what}" if step.members is not None else what
