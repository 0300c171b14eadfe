"""
The `Cluster` interface: what Linkerd needs of a Kubernetes cluster.

`EksCluster`, `KindCluster` and `ExistingCluster` implement it. So does any other class with these
properties: no base class is needed.
"""

from typing import Protocol

import pulumi
import pulumi_kubernetes as kubernetes

# Annotation of an object that Pulumi's Kubernetes provider does not wait for. It waits for each
# Service that selects pods at least 10 s after the last change of its endpoints, and up to
# 10 minutes for pods that are not ready. Source: pulumi-kubernetes, provider/pkg/await/service.go
SKIP_AWAIT = "pulumi.com/skipAwait"


class Cluster(Protocol):
    """A Kubernetes cluster: its name, its API server and its credentials."""

    @property
    def name(self) -> str:
        """Short name, one DNS label: mirror services of its services end with it."""

    @property
    def provider(self) -> kubernetes.Provider:
        """Provider of the resources on this cluster."""

    @property
    def api_server(self) -> pulumi.Output[str]:
        """URL of the API server."""

    @property
    def certificate_authority_data(self) -> pulumi.Output[str]:
        """CA certificates of the API server: PEM in base64; empty if a public CA signed its own."""

    @property
    def kubeconfig(self) -> pulumi.Output[str]:
        """Administrator's kubeconfig, a secret."""


def cluster_identifier(name: str) -> str:
    """Return what tells the provider of one cluster from those of others."""
    return f"linkmesh/{name}"


def kubernetes_provider(
    name: str, kubeconfig: pulumi.Input[str], parent: pulumi.Resource
) -> kubernetes.Provider:
    """
    Make the Kubernetes provider of one cluster.

    The cluster identifier is static. Otherwise a kubeconfig that is unknown in a preview, or a new
    certificate authority, would show everything on the cluster as replaced.
    Source: pulumi-kubernetes, provider DiffConfig
    """
    return kubernetes.Provider(
        f"{name}-kubernetes",
        kubeconfig=pulumi.Output.secret(kubeconfig),
        cluster_identifier=cluster_identifier(name),
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
