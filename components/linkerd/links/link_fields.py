"""
The fields of a `Link`, from plain values or Pulumi's inputs.

They are, field by field, what `linkerd multicluster link-gen` writes, with one addition: an entry
of the excluded annotations that changes with the credentials, so that a mirror controller reads
them again. Commands compare them with a cluster, and need nothing of Pulumi for it.
Source: linkerd2, multicluster/cmd/link-gen.go
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ... import names
from ..installation.probe import PROBE_PATH, PROBE_PERIOD_SECONDS
from ..labels import CONTROL_PLANE_NAMESPACE
from ..mode import LinkMode
from .export_labels import selector

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


@dataclass(frozen=True, kw_only=True)
class GatewayFields:
    """The gateway of a target, as a `Link` has it; each may be an input of Pulumi."""

    address: Any
    """IP addresses or host names, joined by commas."""

    identity: Any
    """Identity of its proxy."""

    port: Any
    """Port for calls, as text."""

    probe_port: Any
    """Port of the health probe, as text."""


def link_fields(
    *,
    target: str,
    cluster_domain: str,
    gateway: GatewayFields | None,
    mark: Any,
    labels: Mapping[LinkMode, Collection[str]],
) -> dict[str, Any]:
    """
    Make the `spec` of a `Link`; ports are strings in it.

    Args:
        cluster_domain: suffix of the target's DNS names.
        mark: changes with the credentials, see `credentials_mark`; it may be an input of Pulumi.
        labels: values of the labels whose services the source uses in each mode.

    Source: linkerd2, multicluster/cmd/link-gen.go and the chart's link-crd.yaml (v1alpha3)
    """
    return {
        "targetClusterName": target,
        "targetClusterDomain": cluster_domain,
        "targetClusterLinkerdNamespace": CONTROL_PLANE_NAMESPACE,
        "clusterCredentialsSecret": names.credentials_secret(target),
        **_gateway(gateway, labels[LinkMode.GATEWAY]),
        "remoteDiscoverySelector": selector(LinkMode.FLAT, labels[LinkMode.FLAT]),
        "federatedServiceSelector": selector(LinkMode.FEDERATED, labels[LinkMode.FEDERATED]),
        "excludedAnnotations": [*EXCLUDED_ANNOTATIONS, mark],
        "excludedLabels": EXCLUDED_LABELS,
    }


def _gateway(gateway: GatewayFields | None, export_labels: Collection[str]) -> dict[str, Any]:
    """Make the fields of a `Link` for the gateway; without a gateway there is no probe."""
    if gateway is None:
        return {"probeSpec": {}}
    return {
        "gatewayAddress": gateway.address,
        "gatewayPort": gateway.port,
        "gatewayIdentity": gateway.identity,
        "probeSpec": {
            "path": PROBE_PATH,
            "port": gateway.probe_port,
            "period": f"{PROBE_PERIOD_SECONDS}s",
            # The defaults of the CRD, written explicitly.
            **PROBE_DEFAULTS,
        },
        "selector": selector(LinkMode.GATEWAY, export_labels),
    }


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
