"""
Linkerd's webhooks, and the names of their Services and Secrets.

Commands that look at a cluster need these, and none of what makes the certificates.
"""

from enum import Enum


class Webhook(Enum):
    """A webhook (or aggregated API) of Linkerd, by its key in the chart's values."""

    PROXY_INJECTOR = "proxyInjector"
    PROFILE_VALIDATOR = "profileValidator"
    POLICY_VALIDATOR = "policyValidator"
    TAP = "tap"
    TAP_INJECTOR = "tapInjector"


# Their Services.
# Source: linkerd2, charts/linkerd-control-plane/templates, viz/charts/linkerd-viz/templates
SERVICES = {
    Webhook.PROXY_INJECTOR: "linkerd-proxy-injector",
    Webhook.PROFILE_VALIDATOR: "linkerd-sp-validator",
    Webhook.POLICY_VALIDATOR: "linkerd-policy-validator",
    Webhook.TAP: "tap",
    Webhook.TAP_INJECTOR: "tap-injector",
}

OF_CONTROL_PLANE = (Webhook.PROXY_INJECTOR, Webhook.PROFILE_VALIDATOR, Webhook.POLICY_VALIDATOR)
OF_VIZ = (Webhook.TAP, Webhook.TAP_INJECTOR)


def secret_name(webhook: Webhook) -> str:
    """
    Name the Secret of a webhook's certificate, after its Service.

    Source: linkerd2, charts/linkerd-control-plane/templates, viz/charts/linkerd-viz/templates
    """
    return f"{SERVICES[webhook]}-k8s-tls"
