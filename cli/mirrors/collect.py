"""
Looks at both ends of an export, and tells what `diagnosis` wants to know; talks to API servers.

The caller brings the clients, with timeouts of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lightkube import ApiError, Client
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Endpoints, Namespace, Service

from components import names
from components.linkerd.labels import MULTICLUSTER_NAMESPACE, REMOTE_VERSION
from components.linkerd.links.cleanup import LinkObject
from components.linkerd.mode import LinkMode

from .evaluate import Found, Observed

# What Linkerd reports of each headless service whose mirrors it makes.
# Source: linkerd2, multicluster/service-mirror/cluster_watcher_headless.go
_INVERTED = "Headless mirror services are disabled"


def observe(
    source: Client, target: Client, exported: Observed, *, label: Mapping[str, str]
) -> Observed:
    """
    Fill in what is seen of an export.

    Args:
        exported: which export, and on which clusters; the rest of it is not looked at.
        label: the label that exports it, `ExportedServiceArgs.label`.
    """
    service, namespace, mirror = exported.service, exported.namespace, exported.name
    link = _read(source, LinkObject, names.link(exported.target), MULTICLUSTER_NAMESPACE)
    # The mirror first: if the service changes in between, the next look tells.
    copy = _read(source, Service, mirror, namespace)
    original = _read(target, Service, service, namespace)
    endpoints = _read(source, Endpoints, mirror, namespace)
    return Observed(
        service=service,
        namespace=namespace,
        source=exported.source,
        target=exported.target,
        mode=exported.mode,
        label=label,
        exported=_found(original),
        ready_on_target=_ready(_read(target, Endpoints, service, namespace)),
        has_namespace=_read(source, Namespace, namespace, None) is not None,
        has_link=link is not None,
        controllers=_available(source, exported.target),
        messages=[*messages(link or {}, service, namespace, exported.mode)],
        joined=joined(link or {}, service, namespace),
        mirror=_found(copy),
        ready_on_source=_ready(endpoints),
        waiting_on_source=_waiting(endpoints),
    )


def messages(
    link: Mapping[str, Any], service: str, namespace: str, mode: LinkMode = LinkMode.GATEWAY
) -> Iterator[str]:
    """
    List what a `Link` says of one exported service where all is not well.

    Source: linkerd2, the chart's link-crd.yaml (v1alpha3), status
    """
    kind = "federatedServices" if mode is LinkMode.FEDERATED else "mirrorServices"
    for condition in _conditions(link, kind, service, namespace):
        if condition.get("status") == "False" and condition.get("message") != _INVERTED:
            yield condition.get("message") or condition.get("reason") or "not mirrored"


def joined(link: Mapping[str, Any], service: str, namespace: str) -> bool:
    """Tell whether a `Link` says that a service is a member of its federated service."""
    conditions = _conditions(link, "federatedServices", service, namespace)
    return any(condition.get("status") == "True" for condition in conditions)


def _conditions(
    link: Mapping[str, Any], kind: str, service: str, namespace: str
) -> Iterator[Mapping[str, Any]]:
    for each in (link.get("status") or {}).get(kind) or []:
        remote = each.get("remoteRef") or {}
        if (remote.get("name"), remote.get("namespace")) == (service, namespace):
            yield from each.get("conditions") or []


def _available(source: Client, target: str) -> int:
    found = _read(source, Deployment, names.mirror_controller(target), MULTICLUSTER_NAMESPACE)
    status = found.status if found is not None else None
    return (status.availableReplicas or 0) if status else 0


def _found(service: Any) -> Found | None:
    if service is None:
        return None
    annotations = service.metadata.annotations or {}
    return Found(
        version=annotations.get(REMOTE_VERSION, service.metadata.resourceVersion or ""),
        labels=service.metadata.labels or {},
        annotations=annotations,
        external=bool(service.spec) and service.spec.type == "ExternalName",
        ports=frozenset(
            (port.protocol or "TCP", port.port)
            for port in (service.spec.ports if service.spec else None) or []
        ),
    )


def _ready(endpoints: Any) -> int:
    subsets = (endpoints.subsets or []) if endpoints is not None else []
    return sum(len(subset.addresses or []) for subset in subsets)


def _waiting(endpoints: Any) -> int:
    subsets = (endpoints.subsets or []) if endpoints is not None else []
    return sum(len(subset.notReadyAddresses or []) for subset in subsets)


def _read(client: Client, kind: Any, name: str, namespace: str | None) -> Any:
    """Read one object; None if it, or its kind, is not there."""
    try:
        given = {} if namespace is None else {"namespace": namespace}
        return client.get(kind, name, **given)
    except ApiError as error:
        if error.status.code != 404:
            raise
        return None
