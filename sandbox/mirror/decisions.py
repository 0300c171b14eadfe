"""
What a mirror controller does about one event: a list of steps; pure.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

from sandbox.mirror import endpoints as endpoints_of
from sandbox.mirror import federation, headless, mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import (
    MIRRORS,
    About,
    Status,
    Step,
    TryAgainError,
    View,
    Write,
    missing_namespace,
)


def on_service(link: Link, view: View, service: Object) -> list[Step]:
    """Decide about a service of the target that is new, was changed, or is looked at again."""
    labels = mirrors.labels_of(service)
    namespace, name = mirrors.key_of(service)
    mirror = view.local_services.get((namespace, mirrors.mirror_name(link, name)))
    steps: list[Step] = []
    if link.exports(labels) or link.discovers(labels):
        if mirror is None:
            # Linkerd stops here: a service that is also federated joins when it is seen next.
            return _export(link, view, service)
        # Somebody else's Service has no such annotation: it is left alone, and nothing is said.
        version = mirrors.annotations_of(mirror).get(mirrors.REMOTE_VERSION)
        if version is not None and version != service["metadata"]["resourceVersion"]:
            steps = _update(link, view, service, mirror)
    elif mirror is not None and _is_ours(link, mirror):
        steps = unexport(link, view, namespace, name)
    return steps + federation.on_service(link, view, service)


def on_service_deleted(link: Link, view: View, service: Object) -> list[Step]:
    """Decide what to do about a service that the target has no more."""
    labels = mirrors.labels_of(service)
    namespace, name = mirrors.key_of(service)
    steps: list[Step] = []
    if link.exports(labels) or link.discovers(labels):
        # Whose Service it is, Linkerd does not ask here.
        steps += unexport(link, view, namespace, name)
    if link.federates(labels):
        steps += federation.leave(link, view, namespace, name)
    return steps


def on_endpoints(link: Link, view: View, endpoints: Object) -> list[Step]:
    """Empty or fill a mirror's Endpoints when the service lost its last pod, or got its first."""
    labels = mirrors.labels_of(endpoints)
    namespace, name = mirrors.key_of(endpoints)
    if not link.exports(labels) or link.discovers(labels):
        return []
    if is_headless(endpoints):
        return headless.on_endpoints(link, view, endpoints) if view.mirrors_headless else []
    own = view.local_endpoints.get((namespace, mirrors.mirror_name(link, name)))
    if own is None:
        raise TryAgainError(f"Endpoints {namespace}/{mirrors.mirror_name(link, name)} not found")
    if mirrors.is_empty(own) == mirrors.is_empty(endpoints):
        return []
    subsets: list[Object] = []
    if not mirrors.is_empty(endpoints):
        service = view.services.get((namespace, name))
        if service is None:
            raise TryAgainError(f"service {namespace}/{name} not found on the target")
        subsets = [mirrors.gateway_subset(link, service, view.addresses(), alive=view.alive)]
    return [Write(verb="update", kind="endpoints", object={**own, "subsets": subsets})]


def unexport(link: Link, view: View, namespace: str, name: str) -> list[Step]:
    """Remove a mirror; its Endpoints go with it, which is the source's own controllers' work."""
    about = About(field=MIRRORS, namespace=namespace, name=name)
    steps: list[Step] = [Status(about=about, condition=None)]
    mirror = view.local_services.get((namespace, mirrors.mirror_name(link, name)))
    if mirror is not None:
        pods = headless.pods_of(link, view, namespace, name) if headless.is_headless(mirror) else []
        steps += [Write(verb="delete", kind="services", object=one) for one in (*pods, mirror)]
    return steps


def repair(link: Link, view: View, probe_service: str) -> list[Step]:
    """Write the gateway's present addresses and health into all Endpoints that lead through it."""
    addresses = view.addresses()
    steps: list[Step] = []
    if probe_service and link.probe_port:
        probe = mirrors.probe_endpoints(link, probe_service, addresses)
        steps += endpoints_of.written(
            probe, view.local_endpoints.get((link.namespace, probe_service))
        )
    for (namespace, name), mirror in sorted(view.local_services.items()):
        labels = mirrors.labels_of(mirror)
        if not _is_ours(link, mirror) or mirrors.REMOTE_DISCOVERY in labels:
            continue
        own = view.local_endpoints.get((namespace, name))
        if own is None or headless.is_headless(mirror):
            continue
        subsets = [mirrors.gateway_subset(link, mirror, addresses, alive=view.alive)]
        target = view.endpoints.get((namespace, name.removesuffix(f"-{link.target}")))
        # Behind the mirror of a single pod there is no service on the target that could be empty.
        if mirrors.HEADLESS_MIRROR not in labels and mirrors.is_empty(target):
            subsets = []
        annotations = mirrors.annotations_of(own)
        annotations[mirrors.GATEWAY_IDENTITY] = link.gateway_identity
        metadata = {**own["metadata"], "annotations": annotations}
        steps += endpoints_of.written({**own, "metadata": metadata, "subsets": subsets}, own)
    return steps


def orphans(link: Link, view: View) -> list[Step]:
    """Remove mirrors whose service is gone from the target; of an unexported one it is an event."""
    steps: list[Step] = []
    for (namespace, name), mirror in sorted(view.local_services.items()):
        if _is_ours(link, mirror):
            root = mirrors.labels_of(mirror).get(mirrors.HEADLESS_MIRROR, name)
            if (namespace, root.removesuffix(f"-{link.target}")) not in view.services:
                steps.append(Write(verb="delete", kind="services", object=mirror))
    return steps


def is_headless(endpoints: Object) -> bool:
    """Tell whether Endpoints are those of a headless service."""
    return "service.kubernetes.io/headless" in mirrors.labels_of(endpoints)


def _export(link: Link, view: View, service: Object) -> list[Step]:
    namespace, name = mirrors.key_of(service)
    about = About(field=MIRRORS, namespace=namespace, name=name)
    if view.mirrors_headless and headless.is_headless(service):
        return headless.on_service(about)
    lacking = missing_namespace(view, service, about)
    if lacking is not None:
        return lacking
    mirror = mirrors.mirror_service(link, service)
    steps: list[Step] = [
        Write(
            verb="create",
            kind="services",
            object=mirror,
            about=about,
            failure="Failed to create mirror service",
        ),
    ]
    if not link.discovers(mirrors.labels_of(service)):
        steps.append(endpoints_of.created(link, view, service, about, mirror))
    mirrored = mirrors.condition(mirrored=True, reason="Mirrored", local=mirror)
    return [*steps, Status(about=about, condition=mirrored)]


def _update(link: Link, view: View, service: Object, mirror: Object) -> list[Step]:
    namespace, name = mirrors.key_of(service)
    about = About(field=MIRRORS, namespace=namespace, name=name)
    steps = endpoints_of.updated(link, view, service, mirror, about)
    fresh = {
        **mirror,
        "metadata": {
            **mirror["metadata"],
            "labels": mirrors.mirror_labels(link, service),
            "annotations": mirrors.mirror_annotations(link, service),
        },
        "spec": {**mirror["spec"], "ports": mirrors.mirrored_ports(service)},
    }
    failure = "Failed to update mirror service"
    mirrored = mirrors.condition(mirrored=True, reason="Mirrored", local=mirror)
    return [
        *steps,
        Write(verb="update", kind="services", object=fresh, about=about, failure=failure),
        Status(about=about, condition=mirrored),
    ]


def _is_ours(link: Link, service: Object) -> bool:
    labels = mirrors.labels_of(service)
    return mirrors.MIRRORED in labels and labels.get(mirrors.CLUSTER) == link.target
