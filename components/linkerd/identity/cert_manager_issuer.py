"""The certificate by which cert-manager makes a cluster's identity issuer."""

import pulumi
import pulumi_kubernetes as kubernetes

from ...cluster import Cluster
from ..labels import ISSUER_SECRET
from .cert_manager import CertManagerIssuer, certificate_spec


def issuer_certificate(
    name: str,
    cert_manager: CertManagerIssuer,
    *,
    cluster: Cluster,
    namespace: pulumi.Input[str],
    trust_domain: str,
    parent: pulumi.Resource,
) -> kubernetes.apiextensions.CustomResource:
    """Make the Certificate from which cert-manager makes the identity issuer's Secret."""
    return kubernetes.apiextensions.CustomResource(
        name,
        api_version="cert-manager.io/v1",
        kind="Certificate",
        metadata={"name": ISSUER_SECRET, "namespace": namespace},
        spec=certificate_spec(cert_manager, trust_domain),
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider),
    )
