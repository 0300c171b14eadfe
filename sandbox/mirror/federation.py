"""
Federated services: one Service `<service>-federated` that stands for equal ones in many clusters;
pure.

Its annotations name the members: one local at most, and any number of remote ones. Labels and ports
come from the local member, else from the member with the oldest link.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (handleFederatedServiceJoin and its
siblings)
"""

from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import (
    FEDERATED,
    About,
    Status,
    Step,
    View,
    Write,
    missing_namespace,
)

MEMBERS = (mirrors.REMOTE_DISCOVERY, mirrors.LOCAL_DISCOVERY)


def federated_name(service: str) -> str:
    """Name the federated service that services of one name make."""
    return f"{service}-federated"


def on_service(link: Link, view: View, service: Object) -> list[Step]:
    """Let a service join or leave its federated service."""
    namespace, name = mirrors.key_of(service)
    present = view.local_services.get((namespace, federated_name(name)))
    if link.federates(mirrors.labels_of(service)):
        return join(link, view, service, present)
    if present is not None and mirrors.MIRRORED in mirrors.labels_of(present):
        return leave(link, view, namespace, name)
    return []


def join(link: Link, view: View, service: Object, present: Object | None) -> list[Step]:
    """Make a service a member."""
    namespace, name = mirrors.key_of(service)
    about = About(field=FEDERATED, namespace=namespace, name=name)
    if service["spec"].get("clusterIP") == "None":
        condition = mirrors.condition(
            mirrored=False,
            reason="InvalidService",
            message="Headless service cannot join federated service",
        )
        return [Status(about=about, condition=condition)]
    if present is None:
        return _create(link, view, service, about)
    fresh = _with_member(link, view, service, present)
    if fresh == present:
        return []
    failure = "Failed to update federated service"
    return [
        Write(verb="update", kind="services", object=fresh, about=about, failure=failure),
        Status(
            about=about,
            condition=mirrors.condition(mirrored=True, reason="Mirrored", local=present),
        ),
    ]


def leave(link: Link, view: View, namespace: str, name: str) -> list[Step]:
    """Take a service out; the last member takes the federated service with it."""
    about = About(field=FEDERATED, namespace=namespace, name=name)
    gone: list[Step] = [Status(about=about, condition=None)]
    present = view.local_services.get((namespace, federated_name(name)))
    if present is None:
        return gone
    annotations = mirrors.annotations_of(present)
    if not link.target:
        annotations.pop(mirrors.LOCAL_DISCOVERY, None)
    else:
        members = annotations.get(mirrors.REMOTE_DISCOVERY, "").split(",")
        if _member(link, name) not in members:
            return gone
        left = [member for member in members if member != _member(link, name)]
        annotations[mirrors.REMOTE_DISCOVERY] = ",".join(left)
    if not any(annotations.get(key) for key in MEMBERS):
        return [*gone, Write(verb="delete", kind="services", object=present)]
    fresh = {**present, "metadata": {**present["metadata"], "annotations": annotations}}
    if fresh == present:
        return gone
    return [*gone, Write(verb="update", kind="services", object=fresh)]


def _create(link: Link, view: View, service: Object, about: About) -> list[Step]:
    lacking = missing_namespace(view, service, about)
    if lacking is not None:
        return lacking
    manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": federated_name(about.name),
            "namespace": about.namespace,
            "labels": _labels(link, service),
            "annotations": _annotations(link, service),
        },
        "spec": {"ports": mirrors.mirrored_ports(service)},
    }
    failure = "Failed to create federated service"
    return [
        Write(verb="create", kind="services", object=manifest, about=about, failure=failure),
        Status(
            about=about,
            condition=mirrors.condition(mirrored=True, reason="Mirrored", local=manifest),
        ),
    ]


def _with_member(link: Link, view: View, service: Object, present: Object) -> Object:
    annotations = mirrors.annotations_of(present)
    labels = mirrors.labels_of(present)
    ports = present["spec"].get("ports")
    if _is_oldest(link, view, annotations):
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


def _is_oldest(link: Link, view: View, annotations: dict[str, str]) -> bool:
    if not link.target:
        return True
    if mirrors.LOCAL_DISCOVERY in annotations:
        return False
    members = [
        one for one in annotations.get(mirrors.REMOTE_DISCOVERY, "").split(",") if "@" in one
    ]
    clusters = [member.split("@")[1] for member in members]
    others = [view.links[cluster] for cluster in clusters if cluster in view.links]
    # Times of creation have whole seconds in one fixed form, so texts compare as times do.
    return not any(other.created < link.created for other in others)


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
