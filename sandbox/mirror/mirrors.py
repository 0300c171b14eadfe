"""
The objects that a mirror controller writes for one exported service; pure.

Source: linkerd2, multicluster/service-mirror/cluster_watcher.go and pkg/k8s/labels.go
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.mirror.link import PREFIX, Link, Object

MIRRORED = f"{PREFIX}/mirrored-service"
CLUSTER = f"{PREFIX}/cluster-name"
FULL_NAME = f"{PREFIX}/remote-svc-fq-name"
REMOTE_VERSION = f"{PREFIX}/remote-resource-version"
GATEWAY_IDENTITY = f"{PREFIX}/remote-gateway-identity"
HEADLESS_MIRROR = f"{PREFIX}/headless-mirror-svc-name"
REMOTE_DISCOVERY = "multicluster.linkerd.io/remote-discovery"
REMOTE_SERVICE = "multicluster.linkerd.io/remote-service"
LOCAL_DISCOVERY = "multicluster.linkerd.io/local-discovery"

CONTROLLER = "linkerd.io/service-mirror"


def labels_of(manifest: Object) -> dict[str, str]:
    """Give an object's labels."""
    return dict(manifest["metadata"].get("labels") or {})


def annotations_of(manifest: Object) -> dict[str, str]:
    """Give an object's annotations."""
    return dict(manifest["metadata"].get("annotations") or {})


def key_of(manifest: Object) -> tuple[str, str]:
    """Give an object's namespace and name."""
    return manifest["metadata"].get("namespace", ""), manifest["metadata"]["name"]


def made(
    kind: str,
    name: tuple[str, str],
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    **content: Any,
) -> Object:
    """Make a Service or Endpoints of a namespace and name."""
    namespace, own = name
    metadata = {"name": own, "namespace": namespace, "labels": labels, "annotations": annotations}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **content}


def mirror_key(link: Link, service: Object) -> tuple[str, str]:
    """Give namespace and name of the mirror of a target's service."""
    namespace, name = key_of(service)
    return namespace, mirror_name(link, name)


def mirror_name(link: Link, service: str) -> str:
    """Name the mirror of a target's service."""
    return f"{service}-{link.target}"


def mirror_labels(link: Link, service: Object) -> dict[str, str]:
    """Make the labels of a mirror service."""
    labels = {
        MIRRORED: "true",
        **link.copied_labels(labels_of(service)),
        CLUSTER: link.target,
    }
    if link.discovers(labels_of(service)):
        labels[REMOTE_DISCOVERY] = link.target
        labels[REMOTE_SERVICE] = service["metadata"]["name"]
    return labels


def mirror_annotations(link: Link, service: Object) -> dict[str, str]:
    """Make the annotations of a mirror service."""
    return {
        **link.copied_annotations(annotations_of(service)),
        FULL_NAME: full_name(link, service),
        REMOTE_VERSION: service["metadata"]["resourceVersion"],
    }


def full_name(link: Link, service: Object) -> str:
    """Name a service as the target's own pods do."""
    namespace, name = key_of(service)
    return f"{name}.{namespace}.svc.{link.domain}"


def mirrored_ports(service: Object) -> list[Object]:
    """Copy a service's ports: name, protocol, port and targetPort only, so appProtocol is lost."""
    kept = ("name", "protocol", "port", "targetPort")
    ports = service["spec"].get("ports") or []
    return [{key: port[key] for key in kept if key in port} for port in ports]


def mirror_service(link: Link, service: Object) -> Object:
    """Make the mirror of a target's service."""
    labels, annotations = mirror_labels(link, service), mirror_annotations(link, service)
    spec = {"ports": mirrored_ports(service)}
    return made("Service", mirror_key(link, service), labels, annotations, spec=spec)


def gateway_subset(link: Link, service: Object, addresses: Sequence[str], *, alive: bool) -> Object:
    """Send every port of a service to the gateway's one port; to none while the gateway is down."""
    ports = [
        {
            **({"name": port["name"]} if port.get("name") else {}),
            "protocol": port.get("protocol", "TCP"),
            "port": int(link.gateway_port),
        }
        for port in service["spec"].get("ports") or []
    ]
    ready = "addresses" if alive else "notReadyAddresses"
    return {ready: [{"ip": address} for address in addresses], "ports": ports}


def mirror_endpoints(link: Link, service: Object, subsets: Sequence[Object]) -> Object:
    """Make the Endpoints of a mirror service in gateway mode."""
    copied = link.copied_labels(labels_of(service))
    labels = {MIRRORED: "true", **copied, CLUSTER: link.target}
    annotations = {FULL_NAME: full_name(link, service), **identity(link)}
    return made("Endpoints", mirror_key(link, service), labels, annotations, subsets=list(subsets))


def identity(link: Link) -> dict[str, str]:
    """Make the annotation that names the gateway's identity, if the link does."""
    return {GATEWAY_IDENTITY: link.gateway_identity} if link.gateway_identity else {}


def probe_endpoints(link: Link, service: str, addresses: Sequence[str]) -> Object:
    """Make the Endpoints through which the gateway is probed; always ready, else it stayed down."""
    subset = {
        "addresses": [{"ip": address} for address in addresses],
        "ports": [{"name": "mc-probe", "port": int(link.probe_port), "protocol": "TCP"}],
    }
    labels, annotations = {CLUSTER: link.target}, {GATEWAY_IDENTITY: link.gateway_identity}
    return made("Endpoints", (link.namespace, service), labels, annotations, subsets=[subset])


def is_empty(endpoints: Object | None) -> bool:
    """Tell whether nothing answers behind Endpoints."""
    return not any(subset.get("addresses") for subset in (endpoints or {}).get("subsets") or [])


def condition(
    *, mirrored: bool, reason: str, message: str = "", local: Object | None = None
) -> Object:
    """Make the one condition that a link's status has for each service."""
    made: Object = {
        "type": "Mirrored",
        "status": "True" if mirrored else "False",
        "reason": reason,
        "message": message,
        "lastTransitionTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if local is not None:
        namespace, name = key_of(local)
        made["localRef"] = {"kind": "Service", "name": name, "namespace": namespace}
    return made


def changed_status(
    status: Mapping[str, Any], *, field: str, namespace: str, name: str, condition: Object | None
) -> Object:
    """
    Put a service's condition into a link's status, or take its entry out.

    Trap, Linkerd's own: an empty list is left out of the patch, so the last entry never goes.
    """
    reference = {"kind": "Service", "name": name, "namespace": namespace}
    entry = {"controllerName": CONTROLLER, "remoteRef": reference, "conditions": [condition]}
    result: Object = {}
    for each in ("mirrorServices", "federatedServices"):
        entries = list(status.get(each) or [])
        if each == field:
            known = [(one["remoteRef"]["namespace"], one["remoteRef"]["name"]) for one in entries]
            about = (namespace, name)
            place = known.index(about) if about in known else len(known)
            entries[place : place + 1] = [] if condition is None else [entry]
        if entries:
            result[each] = entries
    return result
