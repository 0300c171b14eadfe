"""
What a mirror controller writes into the Endpoints of a mirror in gateway mode.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (createGatewayEndpoints,
handleRemoteExportedServiceUpdated, repairEndpoints)
"""

from sandbox.mirror import mirrors
from sandbox.mirror.link import Object
from sandbox.mirror.work import Work
from sandbox.mirror.writer import About, TryAgainError


async def create(work: Work, service: Object, about: About | None, mirror: Object) -> None:
    """Make the Endpoints of a mirror; if they are refused, the mirror goes again."""
    failure = "Failed to create mirror endpoints"
    try:
        subset = mirrors.gateway_subset(work.link, service, work.addresses(), alive=work.alive)
    except (TryAgainError, ValueError) as error:
        await work.writer.fail(about, f"{failure}: {error}")
    # Looked at once the mirror is written, as Linkerd does; pods may have come.
    empty = mirrors.is_empty(work.endpoints.get(mirrors.key_of(service)))
    wanted = mirrors.mirror_endpoints(work.link, service, [] if empty else [subset])
    await work.writer.write(
        "create", "endpoints", wanted, about=about, failure=failure, undo=mirror
    )


async def update(work: Work, service: Object, mirror: Object, about: About) -> None:
    """Follow a changed service: new ports, or no Endpoints at all if it is flat now."""
    own = work.local_endpoints.get(mirrors.key_of(mirror))
    if work.link.discovers(mirrors.labels_of(service)):
        if own is not None:
            failure = "Failed to delete mirror endpoints"
            await work.writer.write("delete", "endpoints", own, about=about, failure=failure)
        return
    if own is None:
        await create(work, service, about, mirror)
        return
    try:
        addresses = work.addresses()
    except TryAgainError as error:
        await work.writer.fail(about, f"Failed to get gateway address: {error}")
    # Linkerd does not ask here whether the service has pods; its Endpoints' next event does.
    subset = mirrors.gateway_subset(work.link, service, addresses, alive=work.alive)
    fresh = {**with_identity(work, own), "subsets": [subset]}
    failure = "Failed to update mirror endpoints"
    await work.writer.write("update", "endpoints", fresh, about=about, failure=failure)


async def keep(work: Work, wanted: Object, present: Object | None) -> None:
    """Write Endpoints unless they are so already."""
    if present is None:
        await work.writer.write("create", "endpoints", wanted)
    elif _essence(wanted) != _essence(present):
        metadata = {**wanted["metadata"], "resourceVersion": present["metadata"]["resourceVersion"]}
        await work.writer.write("update", "endpoints", {**wanted, "metadata": metadata})


def with_identity(work: Work, endpoints: Object) -> Object:
    """Give Endpoints the identity that the gateway has now."""
    annotations = mirrors.annotations_of(endpoints)
    annotations[mirrors.GATEWAY_IDENTITY] = work.link.gateway_identity
    return {**endpoints, "metadata": {**endpoints["metadata"], "annotations": annotations}}


def _essence(endpoints: Object) -> tuple[object, ...]:
    labels, annotations = mirrors.labels_of(endpoints), mirrors.annotations_of(endpoints)
    # The source's own controllers note here when the first address came.
    annotations.pop("endpoints.kubernetes.io/last-change-trigger-time", None)
    return labels, annotations, endpoints.get("subsets") or []
