"""
Reads the state of an export on its target and on one source, for `evaluate`.

The caller passes the clients, with its own time-outs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from httpx2 import HTTPStatusError
from lightkube import Client
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Endpoints, Namespace, Service

from linkmesh import api_server, names
from linkmesh.linkerd.labels import MULTICLUSTER_NAMESPACE, REMOTE_VERSION
from linkmesh.linkerd.links.cleanup import LinkObject
from linkmesh.linkerd.mode import LinkMode

from .evaluate import ExportObservation, ObservedService

# Linkerd reports this for each headless service whose mirrors it creates.
# Source: linkerd2, multicluster/service-mirror/cluster_watcher_headless.go
_INVERTED = "Headless mirror services are disabled"


def observe(
    source: Client, target: Client, exported: ExportObservation, *, label: Mapping[str, str]
) -> ExportObservation:
    """
    Read the state of an export.

    Args:
        exported: which export, and on which clusters; its other fields are ignored.
        label: the label that exports it, `ExportedServiceArgs.label`.
    """
    service, namespace, mirror = exported.service, exported.namespace, exported.name
    link = _read(source, LinkObject, names.link(exported.target), MULTICLUSTER_NAMESPACE)
    # The mirror first: if the service changes in between, the versions differ until the next read.
    copy = _read(source, Service, mirror, namespace)
    original = _read(target, Service, service, namespace)
    endpoints = _read(source, Endpoints, mirror, namespace)
    return ExportObservation(
        service=service,
        namespace=namespace,
        source=exported.source,
        target=exported.target,
        mode=exported.mode,
        label=label,
        is_labelled=exported.is_labelled,
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
    List the error messages in the status of a `Link` about one exported service.

    Source: linkerd2, the chart's link-crd.yaml (v1alpha3), status
    """
    kind = "federatedServices" if mode is LinkMode.FEDERATED else "mirrorServices"
    for condition in _conditions(link, kind, service, namespace):
        if condition.get("status") == "False" and condition.get("message") != _INVERTED:
            yield condition.get("message") or condition.get("reason") or "not mirrored"


def joined(link: Mapping[str, Any], service: str, namespace: str) -> bool:
    """Return whether a `Link` says that a service is a member of its federated service."""
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


def _found(service: Any) -> ObservedService | None:
    if service is None:
        return None
    annotations = service.metadata.annotations or {}
    return ObservedService(
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
    """Read one object; None if it, or its kind, does not exist."""
    try:
        options = {} if namespace is None else {"namespace": namespace}
        return client.get(kind, name, **options)
    except HTTPStatusError as error:
        if not api_server.is_missing(error):
            raise
        return None
