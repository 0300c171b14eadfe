"""
The contents of a link's objects: its `Link`, and the kubeconfig in its Secrets.

They are, field by field, what `linkerd multicluster link-gen` writes, with one addition: an entry
of the excluded annotations that changes with the credentials, so that a mirror controller reads
them again.
Source: linkerd2, multicluster/cmd/link-gen.go
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

import pulumi
import yaml

from ... import names
from ..installation.installed import GatewayEndpoint
from ..installation.probe import PROBE_PATH, PROBE_PERIOD_SECONDS
from ..labels import CONTROL_PLANE_NAMESPACE
from ..mode import LinkMode
from .export_labels import EVERY_SOURCE, selector
from .grant import LinkGrant

# Annotations of the target's Service that would be wrong on its mirror: records of tools about the
# original, and settings with which controllers would make a second load balancer or DNS name.
EXCLUDED_ANNOTATIONS = [
    "kubectl.kubernetes.io/*",
    "pulumi.com/*",
    "external-dns.alpha.kubernetes.io/*",
    "service.beta.kubernetes.io/*",
]
# Prefix of the annotation that `credentials_mark` makes.
MARK_PREFIX = "linkmesh.io/credentials-"

# Annotation of the destination controller's credentials: the rights that they had when they were
# made, see `rights.discovery_rights`.
RIGHTS = "linkmesh.io/rights"

# What the API server fills into the `probeSpec` of every Link, also of one without a gateway.
# Source: linkerd2, the chart's link-crd.yaml (v1alpha3)
PROBE_DEFAULTS = {"timeout": "30s", "failureThreshold": "3"}

EXCLUDED_LABELS = ["app.kubernetes.io/managed-by"]


def credentials_kubeconfig(
    *, target: str, account: str, token: str, api_server: str, certificate_authority_data: str
) -> str:
    """
    Make the kubeconfig with which the source's controllers reach the target.

    Source: linkerd2, multicluster/cmd/link-gen.go
    """
    cluster = {"server": api_server, "certificate-authority-data": certificate_authority_data}
    context = {"cluster": target, "user": account}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [{"name": target, "cluster": {k: v for k, v in cluster.items() if v}}],
        "contexts": [{"name": target, "context": context}],
        "current-context": target,
        "users": [{"name": account, "user": {"token": token}}],
    }
    return yaml.safe_dump(config)


def link_spec(
    grant: LinkGrant,
    *,
    mark: pulumi.Input[str],
    export_labels: Collection[str] = (EVERY_SOURCE[LinkMode.GATEWAY],),
    discovery_labels: Collection[str] = (EVERY_SOURCE[LinkMode.FLAT],),
    federated_labels: Collection[str] = (EVERY_SOURCE[LinkMode.FEDERATED],),
) -> dict[str, Any]:
    """
    Make the `spec` of a `Link`; ports are strings in it.

    Args:
        mark: changes with the credentials, see `credentials_mark`.
        export_labels: values of the export label whose services the source mirrors.
        discovery_labels: values of that label whose services it calls pod to pod.
        federated_labels: values of the federated label that it joins.

    Source: linkerd2, multicluster/cmd/link-gen.go and the chart's link-crd.yaml (v1alpha3)
    """
    return {
        "targetClusterName": grant.target,
        "targetClusterDomain": grant.cluster_domain,
        "targetClusterLinkerdNamespace": CONTROL_PLANE_NAMESPACE,
        "clusterCredentialsSecret": names.credentials_secret(grant.target),
        **_gateway(grant.gateway, export_labels),
        "remoteDiscoverySelector": selector(LinkMode.FLAT, discovery_labels),
        "federatedServiceSelector": selector(LinkMode.FEDERATED, federated_labels),
        "excludedAnnotations": [*EXCLUDED_ANNOTATIONS, mark],
        "excludedLabels": EXCLUDED_LABELS,
    }


def _gateway(gateway: GatewayEndpoint | None, export_labels: Collection[str]) -> dict[str, Any]:
    """Make the fields of a `Link` for the gateway; without a gateway there is no probe."""
    if gateway is None:
        return {"probeSpec": {}}
    return {
        "gatewayAddress": gateway.address,
        "gatewayPort": _text(gateway.port),
        "gatewayIdentity": gateway.identity,
        "probeSpec": {
            "path": PROBE_PATH,
            "port": _text(gateway.probe_port),
            "period": f"{PROBE_PERIOD_SECONDS}s",
            # The defaults of the CRD, written explicitly.
            **PROBE_DEFAULTS,
        },
        "selector": selector(LinkMode.GATEWAY, export_labels),
    }


def _text(port: pulumi.Input[int]) -> pulumi.Input[str]:
    """Convert a port to text; numbers of stack references are floats."""
    if isinstance(port, int):
        return str(port)
    return pulumi.Output.all(port).apply(lambda known: str(int(known[0])))


def credentials_mark(
    *, account: str, generation: int, api_server: str, certificate_authority_data: str
) -> str:
    """
    Make the name of an annotation that no object has, different for different credentials.

    As an excluded annotation it has no effect except that the spec changes, upon which a mirror
    controller reads the credentials. It contains no secret: only the generation of the token.
    Source: linkerd2, multicluster/service-mirror/link_handlers.go (UpdateFunc compares specs)
    """
    given = json.dumps([account, generation, api_server, certificate_authority_data])
    return f"{MARK_PREFIX}{hashlib.sha256(given.encode()).hexdigest()[:12]}"
