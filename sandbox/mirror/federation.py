"""
Federated services: one Service `<service>-federated` that stands for equal ones in many clusters.

Its annotations name the members: one local at most, and any number of remote ones. Labels and ports
come from the local member, else from the member with the oldest link.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (handleFederatedServiceJoin and its
siblings)
"""

from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.work import FEDERATED, Work
from sandbox.mirror.writer import About

MEMBERS = (mirrors.REMOTE_DISCOVERY, mirrors.LOCAL_DISCOVERY)


def federated_name(service: str) -> str:
    """Name the federated service that services of one name make."""
    return f"{service}-federated"


async def on_service(work: Work, service: Object) -> None:
    """Let a service join or leave its federated service."""
    namespace, name = mirrors.key_of(service)
    present = work.local_services.get((namespace, federated_name(name)))
    if work.link.federates(mirrors.labels_of(service)):
        await join(work, service, present)
    elif present is not None and mirrors.MIRRORED in mirrors.labels_of(present):
        await leave(work, namespace, name)


async def join(work: Work, service: Object, present: Object | None) -> None:
    """Make a service a member."""
    namespace, name = mirrors.key_of(service)
    about = About(field=FEDERATED, namespace=namespace, name=name)
    if service["spec"].get("clusterIP") == "None":
        message = "Headless service cannot join federated service"
        await work.refuse(about, "InvalidService", message)
        return
    if present is None:
        await _create(work, service, about)
        return
    fresh = _with_member(work, service, present)
    if fresh != present:
        failure = "Failed to update federated service"
        await work.writer.write("update", "services", fresh, about=about, failure=failure)
        await work.report_mirrored(about, present)


async def leave(work: Work, namespace: str, name: str) -> None:
    """Take a service out; the last member takes the federated service with it."""
    await work.writer.report(About(field=FEDERATED, namespace=namespace, name=name), None)
    present = work.local_services.get((namespace, federated_name(name)))
    if present is None:
        return
    annotations = mirrors.annotations_of(present)
    if not work.link.target:
        annotations.pop(mirrors.LOCAL_DISCOVERY, None)
    else:
        members = annotations.get(mirrors.REMOTE_DISCOVERY, "").split(",")
        if _member(work.link, name) not in members:
            return
        left = [member for member in members if member != _member(work.link, name)]
        annotations[mirrors.REMOTE_DISCOVERY] = ",".join(left)
    fresh = {**present, "metadata": {**present["metadata"], "annotations": annotations}}
    if not any(annotations.get(key) for key in MEMBERS):
        await work.writer.write("delete", "services", present)
    elif fresh != present:
        await work.writer.write("update", "services", fresh)


async def _create(work: Work, service: Object, about: About) -> None:
    if await work.lacks_namespace(service, about):
        return
    key = (about.namespace, federated_name(about.name))
    labels, annotations = _labels(work.link, service), _annotations(work.link, service)
    spec = {"ports": mirrors.mirrored_ports(service)}
    manifest = mirrors.made("Service", key, labels, annotations, spec=spec)
    failure = "Failed to create federated service"
    await work.writer.write("create", "services", manifest, about=about, failure=failure)
    await work.report_mirrored(about, manifest)


def _with_member(work: Work, service: Object, present: Object) -> Object:
    link = work.link
    annotations = mirrors.annotations_of(present)
    labels = mirrors.labels_of(present)
    ports = present["spec"].get("ports")
    if _is_oldest(work, annotations):
        kept = {key: annotations[key] for key in MEMBERS if key in annotations}
        annotations = {**_annotations(link, service), **kept}
        labels = _labels(link, service)
        ports = _with_defaults(mirrors.mirrored_ports(service))
    if not link.target:
        annotations[mirrors.LOCAL_DISCOVERY] = service["metadata"]["name"]
    else:
        member = _member(link, service["metadata"]["name"])
        members = [one for one in annotations.get(mirrors.REMOTE_DISCOVERY, "").split(",") if one]
        if member not in members:
            annotations[mirrors.REMOTE_DISCOVERY] = ",".join([*members, member])
    metadata = {**present["metadata"], "annotations": annotations, "labels": labels}
    return {**present, "metadata": metadata, "spec": {**present["spec"], "ports": ports}}


def _is_oldest(work: Work, annotations: dict[str, str]) -> bool:
    if not work.link.target:
        return True
    if mirrors.LOCAL_DISCOVERY in annotations:
        return False
    members = [
        one for one in annotations.get(mirrors.REMOTE_DISCOVERY, "").split(",") if "@" in one
    ]
    clusters = [member.split("@")[1] for member in members]
    others = [work.links[cluster] for cluster in clusters if cluster in work.links]
    # Times of creation have whole seconds in one fixed form, so texts compare as times do.
    return not any(other.created < work.link.created for other in others)


def _labels(link: Link, service: Object) -> dict[str, str]:
    return {mirrors.MIRRORED: "true", **link.copied_labels(mirrors.labels_of(service))}


def _annotations(link: Link, service: Object) -> dict[str, str]:
    annotations = link.copied_annotations(mirrors.annotations_of(service))
    name = service["metadata"]["name"]
    if link.target:
        annotations[mirrors.REMOTE_DISCOVERY] = _member(link, name)
    else:
        annotations[mirrors.LOCAL_DISCOVERY] = name
    return annotations


def _member(link: Link, name: str) -> str:
    return f"{name}@{link.target}"


def _with_defaults(ports: list[Object]) -> list[Object]:
    return [{"protocol": "TCP", "targetPort": port["port"], **port} for port in ports]
