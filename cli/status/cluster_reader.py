"""
Reads everything that `mesh status` needs from the API server of one cluster.

If a list cannot be read, the reason is recorded in `unread`, and the other lists are still read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from httpx2 import HTTPStatusError
from lightkube import ALL_NS, ApiError, Client
from lightkube.operators import exists
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.coordination_v1 import Lease
from lightkube.resources.core_v1 import ConfigMap, Node, Secret, Service

from linkmesh import api_server, names
from linkmesh.linkerd.identity.webhook_names import Webhook, secret_name
from linkmesh.linkerd.labels import (
    CONTROL_PLANE_NAMESPACE,
    DESTINATION,
    EXPORTED,
    FEDERATED,
    ISSUER_SECRET,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
    TRUST_ROOTS,
    TRUST_ROOTS_KEY,
    VERSION,
    VIZ_NAMESPACE,
)
from linkmesh.linkerd.links.cleanup import LinkObject
from linkmesh.linkerd.links.link_fields import RIGHTS
from linkmesh.linkerd.links.orphans import SERVICE, MirrorObject

from .installation_reader import domain, gateway, releases
from .observations import Certificate, Credentials, ObservedCluster, ServerOverlap, Workload
from .servers import overlaps
from .tokens import certificates, credentials, decoded, digest, fingerprints

NAMESPACES = (CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE, VIZ_NAMESPACE)

T = TypeVar("T")

Objects = dict[tuple[str, str], Any]
"""Objects by namespace and name."""


def explained(error: Exception) -> str:
    """Return why a request failed, without anything that might be secret."""
    if isinstance(error, ApiError):
        return f"the API server answers {error.status.code} {error.status.reason}"
    return f"the API server does not answer ({type(error).__name__})"


class Reader:
    """Reads lists of objects; `unread` contains what could not be read, with the reason."""

    def __init__(self, client: Client) -> None:
        self.client, self.unread = client, dict[str, str]()

    def read(self, what: str, how: Callable[[], T], default: T) -> T:
        """Read something; if that fails, note the reason and return a default."""
        try:
            return how()
        except HTTPStatusError as error:
            # Not found is an answer: the kind or the object does not exist.
            if not api_server.is_missing(error):
                self.unread[what] = explained(error)
        except Exception as error:
            self.unread[what] = explained(error)
        return default

    def all(self, kind: Any, namespace: str = ALL_NS, **options: Any) -> list[Any]:
        """List objects."""
        return list(self.client.list(kind, namespace=namespace, chunk_size=500, **options))


def read_cluster(
    name: str, client: Client, *, kubernetes: str, contract: Mapping[str, Any]
) -> ObservedCluster:
    """Read everything from a cluster that its evaluation needs."""
    reader = Reader(client)
    none: Objects = {}
    deployments = reader.read("deployments", lambda: _deployments(reader), none)
    bundle = reader.read("anchors", lambda: _anchors(client), "")
    found = reader.read("secrets", lambda: _secrets(reader), none)
    secrets = {key: each.data or {} for key, each in found.items()}
    renewed = reader.read("leases", lambda: reader.all(Lease, MULTICLUSTER_NAMESPACE), list[Any]())
    return ObservedCluster(
        name=name,
        contract=contract,
        kubernetes=kubernetes,
        linkerd=_version(deployments),
        workloads={key: _workload(each) for key, each in deployments.items()},
        anchors=fingerprints(bundle),
        certificates=_certificates(bundle, secrets),
        links=reader.read("links", lambda: _links(reader), dict[str, Any]()),
        mirroring=_credentials(found, MULTICLUSTER_NAMESPACE),
        discovery=_credentials(found, CONTROL_PLANE_NAMESPACE),
        tokens=_tokens(secrets),
        renewed=_renewed(renewed),
        releases=releases(found),
        domain=reader.read("Linkerd's configuration", lambda: domain(client), ""),
        gateway=reader.read("services", lambda: gateway(client), None),
        networks=reader.read("nodes", lambda: _networks(client), frozenset()),
        exported=reader.read("services", lambda: _exported(reader), frozenset()),
        overlaps=reader.read("servers", lambda: overlaps(client), list[ServerOverlap]()),
        left=reader.read("services", lambda: _mirrors(reader), list[MirrorObject]())
        + [MirrorObject.of("Lease", each.metadata) for each in renewed],
        unread=reader.unread,
    )


def _deployments(reader: Reader) -> dict[tuple[str, str], Any]:
    return {
        (namespace, each.metadata.name): each
        for namespace in NAMESPACES
        for each in reader.all(Deployment, namespace)
    }


def _workload(found: Any) -> Workload:
    desired = found.spec.replicas if found.spec and found.spec.replicas is not None else 1
    return Workload(
        desired=desired, available=(found.status.availableReplicas or 0) if found.status else 0
    )


def _version(deployments: Mapping[tuple[str, str], Any]) -> str:
    destination = deployments.get((CONTROL_PLANE_NAMESPACE, DESTINATION))
    labels = (destination.metadata.labels or {}) if destination is not None else {}
    return str(labels.get(VERSION, ""))


def _anchors(client: Client) -> str:
    found: Any = client.get(ConfigMap, TRUST_ROOTS, namespace=CONTROL_PLANE_NAMESPACE)
    return str((found.data or {}).get(TRUST_ROOTS_KEY, ""))


def _secrets(reader: Reader) -> dict[tuple[str, str], Any]:
    return {
        (namespace, each.metadata.name): each
        for namespace in NAMESPACES
        for each in reader.all(Secret, namespace)
    }


def _certificates(bundle: str, secrets: Mapping[tuple[str, str], Any]) -> list[Certificate]:
    found = certificates("anchor", bundle)
    issuer = secrets.get((CONTROL_PLANE_NAMESPACE, ISSUER_SECRET))
    # The first is the issuer; a chain may follow it.
    found += certificates("issuer", decoded(issuer, "tls.crt", "crt.pem"))[:1]
    for webhook in Webhook:
        for namespace in NAMESPACES:
            pem = decoded(secrets.get((namespace, secret_name(webhook))), "tls.crt")
            found += certificates(webhook.value, pem)[:1]
    return found


def _credentials(secrets: Mapping[tuple[str, str], Any], namespace: str) -> dict[str, Credentials]:
    prefix = names.credentials_secret("")
    found = {
        name.removeprefix(prefix): credentials(
            decoded(each.data, "kubeconfig"), rights=(each.metadata.annotations or {}).get(RIGHTS)
        )
        for (of, name), each in secrets.items()
        if of == namespace and name.startswith(prefix)
    }
    return {target: one for target, one in found.items() if one is not None}


def _tokens(secrets: Mapping[tuple[str, str], Any]) -> dict[str, str]:
    prefix = names.remote_access_account("")
    return {
        name: digest(token)
        for (namespace, name), data in secrets.items()
        if namespace == MULTICLUSTER_NAMESPACE and name.startswith(prefix)
        if (token := decoded(data, "token"))
    }


def _links(reader: Reader) -> dict[str, Any]:
    return {
        each.metadata.name: each.get("spec") or {}
        for each in reader.all(LinkObject, MULTICLUSTER_NAMESPACE)
    }


def _renewed(leases: list[Any]) -> dict[str, datetime]:
    prefix = names.lease("")
    return {
        each.metadata.name.removeprefix(prefix): each.spec.renewTime
        for each in leases
        if each.metadata.name.startswith(prefix) and each.spec and each.spec.renewTime
    }


def _networks(client: Client) -> frozenset[str]:
    found: set[str] = set()
    for node in client.list(Node):
        if node.spec is not None:
            found |= {*(node.spec.podCIDRs or []), *filter(None, [node.spec.podCIDR])}
    return frozenset(found)


def _exported(reader: Reader) -> frozenset[tuple[str, str]]:
    selectors: list[dict[str, Any]] = [{EXPORTED: exists()}, {FEDERATED: exists()}]
    return frozenset(
        (each.metadata.namespace, each.metadata.name)
        for labels in selectors
        for each in reader.all(Service, labels=labels)
    )


def _mirrors(reader: Reader) -> list[MirrorObject]:
    selectors: list[dict[str, Any]] = [
        {MIRRORED_SERVICE: exists()},
        {REMOTE_CLUSTER_NAME: exists()},
    ]
    found = {
        (each.metadata.namespace, each.metadata.name): MirrorObject.of(SERVICE, each.metadata)
        for labels in selectors
        for each in reader.all(Service, labels=labels)
    }
    return list(found.values())
