"""
Names in the certificates of the mesh: of pods, of a gateway, of an identity issuer.

Source: linkerd2, policy-controller/k8s/index/src/cluster_info.rs
"""

from ..names import CLUSTER_DOMAIN
from .labels import CONTROL_PLANE_NAMESPACE, GATEWAY, MULTICLUSTER_NAMESPACE

# Suffix of identities, unless a Linkerd was installed with another one.
# Source: linkerd2, charts/linkerd-control-plane/values.yaml, identityTrustDomain
TRUST_DOMAIN = CLUSTER_DOMAIN


def pod_identity(account: str, namespace: str, trust_domain: str) -> str:
    """Return the identity of the pods of a service account."""
    return f"{account}.{namespace}.serviceaccount.{issuer_name(trust_domain)}"


def gateway_identity(trust_domain: str) -> str:
    """
    Return the identity of a gateway, under which all calls through it arrive.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/gateway.yaml
    """
    return pod_identity(GATEWAY, MULTICLUSTER_NAMESPACE, trust_domain)


def issuer_name(trust_domain: str) -> str:
    """
    Return the common name of an identity issuer's certificate.

    Source: https://linkerd.io/2-edge/tasks/generate-certificates/
    """
    return f"identity.{CONTROL_PLANE_NAMESPACE}.{trust_domain}"
