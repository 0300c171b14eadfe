"""
What a mirror controller does about one event.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
"""

from sandbox.mirror import endpoints as endpoints_of
from sandbox.mirror import federation, headless, mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.work import MIRRORS, Work
from sandbox.mirror.writer import About, TryAgainError


async def on_service(work: Work, service: Object) -> None:
    """Deal with a service of the target that is new, was changed, or is looked at again."""
    link, labels = work.link, mirrors.labels_of(service)
    namespace, name = mirrors.key_of(service)
    mirror = work.local_services.get((namespace, mirrors.mirror_name(link, name)))
    if link.exports(labels) or link.discovers(labels):
        if mirror is None:
            # Linkerd stops here: a service that is also federated joins when it is seen next.
            await _export(work, service)
            return
        # Somebody else's Service has no such annotation: it is left alone, and nothing is said.
        version = mirrors.annotations_of(mirror).get(mirrors.REMOTE_VERSION)
        if version is not None and version != service["metadata"]["resourceVersion"]:
            await _update(work, service, mirror)
    elif mirror is not None and _is_ours(link, mirror):
        await unexport(work, namespace, name)
    await federation.on_service(work, service)


async def on_service_deleted(work: Work, service: Object) -> None:
    """Deal with a service that the target has no more."""
    labels = mirrors.labels_of(service)
    namespace, name = mirrors.key_of(service)
    if work.link.exports(labels) or work.link.discovers(labels):
        # Whose Service it is, Linkerd does not ask here.
        await unexport(work, namespace, name)
    if work.link.federates(labels):
        await federation.leave(work, namespace, name)


async def on_endpoints(work: Work, endpoints: Object) -> None:
    """Empty or fill a mirror's Endpoints when the service lost its last pod, or got its first."""
    link, labels = work.link, mirrors.labels_of(endpoints)
    namespace, name = mirrors.key_of(endpoints)
    if not link.exports(labels) or link.discovers(labels):
        return
    if is_headless(endpoints):
        if work.mirrors_headless:
            await headless.on_endpoints(work, endpoints)
        return
    own = work.local_endpoints.get((namespace, mirrors.mirror_name(link, name)))
    if own is None:
        raise TryAgainError(f"Endpoints {namespace}/{mirrors.mirror_name(link, name)} not found")
    if mirrors.is_empty(own) == mirrors.is_empty(endpoints):
        return
    subsets: list[Object] = []
    if not mirrors.is_empty(endpoints):
        service = work.services.get((namespace, name))
        if service is None:
            raise TryAgainError(f"service {namespace}/{name} not found on the target")
        subsets = [mirrors.gateway_subset(link, service, work.addresses(), alive=work.alive)]
    await work.writer.write("update", "endpoints", {**own, "subsets": subsets})


async def unexport(work: Work, namespace: str, name: str) -> None:
    """Remove a mirror; its Endpoints go with it, which is the source's own controllers' work."""
    await work.writer.report(About(field=MIRRORS, namespace=namespace, name=name), None)
    mirror = work.local_services.get((namespace, mirrors.mirror_name(work.link, name)))
    if mirror is not None:
        pods = headless.pods_of(work, namespace, name) if headless.is_headless(mirror) else []
        for one in (*pods, mirror):
            await work.writer.write("delete", "services", one)


async def repair(work: Work, probe_service: str) -> None:
    """Write the gateway's present addresses and health into all Endpoints that lead through it."""
    link, addresses = work.link, work.addresses()
    if probe_service and link.probe_port:
        probe = mirrors.probe_endpoints(link, probe_service, addresses)
        present = work.local_endpoints.get((link.namespace, probe_service))
        await endpoints_of.keep(work, probe, present)
    for (namespace, name), mirror in sorted(work.local_services.items()):
        labels = mirrors.labels_of(mirror)
        if not _is_ours(link, mirror) or mirrors.REMOTE_DISCOVERY in labels:
            continue
        own = work.local_endpoints.get((namespace, name))
        if own is None or headless.is_headless(mirror):
            continue
        subsets = [mirrors.gateway_subset(link, mirror, addresses, alive=work.alive)]
        target = work.endpoints.get((namespace, name.removesuffix(f"-{link.target}")))
        # Behind the mirror of a single pod there is no service on the target that could be empty.
        if mirrors.HEADLESS_MIRROR not in labels and mirrors.is_empty(target):
            subsets = []
        fresh = {**endpoints_of.with_identity(work, own), "subsets": subsets}
        await endpoints_of.keep(work, fresh, own)


async def orphans(work: Work) -> None:
    """Remove mirrors whose service is gone from the target; of an unexported one it is an event."""
    for (namespace, name), mirror in sorted(work.local_services.items()):
        if _is_ours(work.link, mirror):
            root = mirrors.labels_of(mirror).get(mirrors.HEADLESS_MIRROR, name)
            if (namespace, root.removesuffix(f"-{work.link.target}")) not in work.services:
                await work.writer.write("delete", "services", mirror)


def is_headless(endpoints: Object) -> bool:
    """Tell whether Endpoints are those of a headless service."""
    return "service.kubernetes.io/headless" in mirrors.labels_of(endpoints)


async def _export(work: Work, service: Object) -> None:
    namespace, name = mirrors.key_of(service)
    about = About(field=MIRRORS, namespace=namespace, name=name)
    if work.mirrors_headless and headless.is_headless(service):
        await work.refuse(about, "InvalidService", headless.WAITS)
        return
    if await work.lacks_namespace(service, about):
        return
    mirror = mirrors.mirror_service(work.link, service)
    failure = "Failed to create mirror service"
    await work.writer.write("create", "services", mirror, about=about, failure=failure)
    if not work.link.discovers(mirrors.labels_of(service)):
        await endpoints_of.create(work, service, about, mirror)
    await work.report_mirrored(about, mirror)


async def _update(work: Work, service: Object, mirror: Object) -> None:
    namespace, name = mirrors.key_of(service)
    about = About(field=MIRRORS, namespace=namespace, name=name)
    await endpoints_of.update(work, service, mirror, about)
    told = {
        "labels": mirrors.mirror_labels(work.link, service),
        "annotations": mirrors.mirror_annotations(work.link, service),
    }
    spec = {**mirror["spec"], "ports": mirrors.mirrored_ports(service)}
    fresh = {**mirror, "metadata": {**mirror["metadata"], **told}, "spec": spec}
    failure = "Failed to update mirror service"
    await work.writer.write("update", "services", fresh, about=about, failure=failure)
    await work.report_mirrored(about, mirror)


def _is_ours(link: Link, service: Object) -> bool:
    labels = mirrors.labels_of(service)
    return mirrors.MIRRORED in labels and labels.get(mirrors.CLUSTER) == link.target
