"""
What the objects of a link contain: its `Link`, and the kubeconfig in its Secrets; pure.

They are, field by field, what `linkerd multicluster link-gen` writes, with one addition: a mark
among the excluded annotations, by which a mirror controller notices new credentials.
Source: linkerd2, multicluster/cmd/link-gen.go
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pulumi
import yaml

from ... import names
from ..installation.multicluster import Gateway
from ..installation.multicluster_values import PROBE_PATH, PROBE_PERIOD_SECONDS
from ..labels import CONTROL_PLANE_NAMESPACE
from ..mode import Mode
from .export_labels import EVERY_SOURCE, selector

# Annotations of the target's Service that would be wrong on its mirror: what tools have noted about
# the original, and orders to controllers that would make a second load balancer or DNS name.
EXCLUDED_ANNOTATIONS = [
    "kubectl.kubernetes.io/*",
    "pulumi.com/*",
    "external-dns.alpha.kubernetes.io/*",
    "service.beta.kubernetes.io/*",
]
# Prefix of the annotation that `credentials_mark` makes.
MARK_PREFIX = "linkmesh.io/credentials-"

EXCLUDED_LABELS = ["app.kubernetes.io/managed-by"]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a target gives to one source: all that a `Link` needs to know."""

    target: str
    """Name of the target cluster; the end of its mirror services' names."""

    account: pulumi.Input[str]
    """Service account with which the source looks at the target."""

    token: pulumi.Input[str]
    """The account's token; treated as a secret."""

    api_server: pulumi.Input[str]
    """URL of the target's API server, as the target knows it."""

    certificate_authority_data: pulumi.Input[str]
    """Certificates that vouch for that API server: PEM, base64."""

    gateway: Gateway | None
    """The target's gateway; None if it has none, and is only called pod to pod."""

    generation: pulumi.Input[int] = 1
    """The number of the token: another one makes the source's controllers read it."""

    cluster_domain: str = "cluster.local"
    """Suffix of the target's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the target's identities."""


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
    grant: Grant,
    *,
    mark: pulumi.Input[str],
    export_labels: Collection[str] = (EVERY_SOURCE[Mode.GATEWAY],),
    discovery_labels: Collection[str] = (EVERY_SOURCE[Mode.FLAT],),
    federated_labels: Collection[str] = (EVERY_SOURCE[Mode.FEDERATED],),
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
        "remoteDiscoverySelector": selector(Mode.FLAT, discovery_labels),
        "federatedServiceSelector": selector(Mode.FEDERATED, federated_labels),
        "excludedAnnotations": [*EXCLUDED_ANNOTATIONS, mark],
        "excludedLabels": EXCLUDED_LABELS,
    }


def _gateway(gateway: Gateway | None, export_labels: Collection[str]) -> dict[str, Any]:
    """Make what a `Link` tells of the gateway; without one there is nothing to probe."""
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
            # The CRD's own defaults, spelt out so that nothing is left to it.
            "timeout": "30s",
            "failureThreshold": "3",
        },
        "selector": selector(Mode.GATEWAY, export_labels),
    }


def _text(port: pulumi.Input[int]) -> pulumi.Input[str]:
    """Spell a port; numbers come through a stack reference as floats."""
    if isinstance(port, int):
        return str(port)
    return pulumi.Output.all(port).apply(lambda known: str(int(known[0])))


def credentials_mark(
    *, account: str, generation: int, api_server: str, certificate_authority_data: str
) -> str:
    """
    Make the name of an annotation that nobody has, another for every other credentials.

    Among the excluded annotations it changes nothing but the spec, which is what makes a mirror
    controller read the credentials. It is made of no secret: a token is known by its number.
    Source: linkerd2, multicluster/service-mirror/link_handlers.go (UpdateFunc compares specs)
    """
    given = json.dumps([account, generation, api_server, certificate_authority_data])
    return f"{MARK_PREFIX}{hashlib.sha256(given.encode()).hexdigest()[:12]}"
