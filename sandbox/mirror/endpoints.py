"""
What a mirror controller writes into the Endpoints of a mirror in gateway mode; pure.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (createGatewayEndpoints,
handleRemoteExportedServiceUpdated, repairEndpoints)
"""

from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import About, Failed, Step, TryAgainError, View, Write


def created(
    link: Link, view: View, service: Object, about: About | None, mirror: Object | None
) -> Step:
    """Make the Endpoints of a mirror; if they are refused, a mirror made just before goes again."""
    failure = "Failed to create mirror endpoints"
    try:
        subset = mirrors.gateway_subset(link, service, view.addresses(), alive=view.alive)
    except (TryAgainError, ValueError) as error:
        return Failed(about=about, message=f"{failure}: {error}")
    undo = None if mirror is None else Write(verb="delete", kind="services", object=mirror)

    def finished(now: View) -> Object:
        """Look at the pods once the mirror is written, as Linkerd does; they may have come."""
        empty = mirrors.is_empty(now.endpoints.get(mirrors.key_of(service)))
        return mirrors.mirror_endpoints(link, service, [] if empty else [subset])

    return Write(
        verb="create",
        kind="endpoints",
        object=finished(view),
        about=about,
        failure=failure,
        undo=undo,
        finish=finished,
    )


def updated(link: Link, view: View, service: Object, mirror: Object, about: About) -> list[Step]:
    """Follow a changed service: new ports, or no Endpoints at all if it is flat now."""
    own = view.local_endpoints.get(mirrors.key_of(mirror))
    if link.discovers(mirrors.labels_of(service)):
        failure = "Failed to delete mirror endpoints"
        return [
            Write(verb="delete", kind="endpoints", object=one, about=about, failure=failure)
            for one in ([own] if own else [])
        ]
    if own is None:
        return [created(link, view, service, about, mirror)]
    try:
        addresses = view.addresses()
    except TryAgainError as error:
        return [Failed(about=about, message=f"Failed to get gateway address: {error}")]
    annotations = mirrors.annotations_of(own)
    annotations[mirrors.GATEWAY_IDENTITY] = link.gateway_identity
    # Linkerd does not ask here whether the service has pods; its Endpoints' next event does.
    subset = mirrors.gateway_subset(link, service, addresses, alive=view.alive)
    fresh = {
        **own,
        "metadata": {**own["metadata"], "annotations": annotations},
        "subsets": [subset],
    }
    failure = "Failed to update mirror endpoints"
    return [Write(verb="update", kind="endpoints", object=fresh, about=about, failure=failure)]


def written(wanted: Object, present: Object | None) -> list[Step]:
    """Write Endpoints unless they are so already."""
    if present is None:
        return [Write(verb="create", kind="endpoints", object=wanted)]
    if _essence(wanted) == _essence(present):
        return []
    metadata = {**wanted["metadata"], "resourceVersion": present["metadata"]["resourceVersion"]}
    return [Write(verb="update", kind="endpoints", object={**wanted, "metadata": metadata})]


def _essence(endpoints: Object) -> tuple[object, ...]:
    labels, annotations = mirrors.labels_of(endpoints), mirrors.annotations_of(endpoints)
    # The source's own controllers note here when the first address came.
    annotations.pop("endpoints.kubernetes.io/last-change-trigger-time", None)
    return labels, annotations, endpoints.get("subsets") or []
