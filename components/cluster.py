"""
The seam: what every cluster offers, whoever made it.

Linkerd is installed on a `Cluster` and never asks whether it is EKS, kind or somebody else's.
"""

from typing import Protocol

import pulumi
import pulumi_kubernetes as kubernetes

# Annotation of an object that Pulumi's Kubernetes provider does not wait for. It waits for each
# Service that selects pods at least 10 s after the last change of its endpoints, and up to
# 10 minutes for pods that are not ready. Source: pulumi-kubernetes, provider/pkg/await/service.go
SKIP_AWAIT = "pulumi.com/skipAwait"


class Cluster(Protocol):
    """A Kubernetes cluster that can be reached, and be told to others."""

    @property
    def name(self) -> str:
        """Short name in its environment, one DNS label: the end of every mirror service's name."""

    @property
    def provider(self) -> kubernetes.Provider:
        """What resources on this cluster are made with."""

    @property
    def api_server(self) -> pulumi.Output[str]:
        """URL of the API server."""

    @property
    def certificate_authority_data(self) -> pulumi.Output[str]:
        """Certificates that vouch for the API server: PEM, base64."""

    @property
    def kubeconfig(self) -> pulumi.Output[str]:
        """Administrator's kubeconfig, a secret."""


def kubernetes_provider(
    name: str, kubeconfig: pulumi.Input[str], parent: pulumi.Resource
) -> kubernetes.Provider:
    """
    Make the provider of one cluster.

    The identifier is static: without it a kubeconfig that is not yet known in a preview, or a new
    certificate authority, would show as the replacement of everything on the cluster.
    Source: pulumi-kubernetes, provider DiffConfig
    """
    return kubernetes.Provider(
        f"{name}-kubernetes",
        kubeconfig=pulumi.Output.secret(kubeconfig),
        cluster_identifier=f"linkmesh/{name}",
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
