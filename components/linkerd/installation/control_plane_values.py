"""The Helm values of Linkerd's control plane."""

import functools
from collections.abc import Mapping
from typing import Any

import pulumi

from ... import helm
from ..identity.webhook_names import OF_CONTROL_PLANE
from ..identity.webhooks import webhook_values
from ..proxies.proxy import ProxyConfig, proxy_values
from .images import control_plane_images
from .profiles import InstallProfile

# What one pod of the control plane may use. Source of all of HA_VALUES:
# linkerd2, charts/linkerd-control-plane/values-ha.yaml
_CONTROLLER = {
    "cpu": {"limit": "", "request": "100m"},
    "memory": {"limit": "250Mi", "request": "50Mi"},
}

HA_VALUES: dict[str, Any] = {
    "enablePodDisruptionBudget": True,
    "controller": {"podDisruptionBudget": {"maxUnavailable": 1}},
    "deploymentStrategy": {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": "25%"}},
    "enablePodAntiAffinity": True,
    "proxy": {
        "resources": {
            "cpu": {"request": "100m"},
            "memory": {"limit": "250Mi", "request": "20Mi"},
        }
    },
    "controllerReplicas": 3,
    "controllerResources": _CONTROLLER,
    "destinationResources": _CONTROLLER,
    "identityResources": {
        "cpu": _CONTROLLER["cpu"],
        "memory": {"limit": "250Mi", "request": "10Mi"},
    },
    "heartbeatResources": _CONTROLLER,
    "proxyInjectorResources": _CONTROLLER,
    "webhookFailurePolicy": "Fail",
    "spValidatorResources": _CONTROLLER,
    "highAvailability": True,
}

# The chart's own defaults, written explicitly: with one injector and the policy `Fail`, no pod of
# the cluster could start while the injector does not run.
SMALL_VALUES: dict[str, Any] = {
    "enablePodDisruptionBudget": False,
    "enablePodAntiAffinity": False,
    "controllerReplicas": 1,
    "webhookFailurePolicy": "Ignore",
    "highAvailability": False,
}

PROFILE_VALUES = {InstallProfile.HIGH_AVAILABILITY: HA_VALUES, InstallProfile.SMALL: SMALL_VALUES}

# The chart's default is ten minutes after rendering, so it differs every time.
HEARTBEAT_SCHEDULE = "17 3 * * *"


def control_plane_values(
    *,
    trust_anchors_pem: pulumi.Input[str],
    cluster_domain: str,
    trust_domain: str,
    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY,
    proxy: ProxyConfig | None = None,
    registry: str | None = None,
    pod_annotations: Mapping[str, pulumi.Input[str]] | None = None,
    cni: bool = False,
    external_ca: bool = False,
    webhooks_authority_pem: pulumi.Input[str] | None = None,
) -> dict[str, Any]:
    """
    Make the Helm values of the linkerd-control-plane chart.

    Args:
        external_ca: whether cert-manager makes the issuer's Secret and trust-manager the anchors'.
        webhooks_authority_pem: authority of the webhooks' Secrets; None if the chart makes them.
    """
    values: dict[str, Any] = {
        "clusterDomain": cluster_domain,
        "identityTrustDomain": trust_domain,
        # Also with external anchors: `linkerd multicluster check` compares these.
        "identityTrustAnchorsPEM": trust_anchors_pem,
        "identity": {"externalCA": external_ca, "issuer": {"scheme": "kubernetes.io/tls"}},
        "heartbeatSchedule": HEARTBEAT_SCHEDULE,
        "cniEnabled": cni,
    }
    annotations = {"podAnnotations": dict(pod_annotations)} if pod_annotations else {}
    layers = [
        PROFILE_VALUES[profile],
        values,
        annotations,
        proxy_values(proxy or ProxyConfig()),
        control_plane_images(registry),
        webhook_values(OF_CONTROL_PLANE, webhooks_authority_pem),
    ]
    return functools.reduce(helm.merged, layers)


def crds_values(*, gateway_api: bool) -> dict[str, Any]:
    """Make the Helm values of the linkerd-crds chart."""
    return {"installGatewayAPI": gateway_api}
