"""The cluster that a component of the package is on: a name and a kubeconfig."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ..cluster import kubernetes_provider
from ..existing_cluster import current_cluster


@dataclass(frozen=True, kw_only=True)
class OnCluster:
    """Properties of every component that is on a cluster."""

    cluster: str
    """Short name of the cluster, one DNS label: the end of every mirror service's name."""

    kubeconfig: pulumi.Input[str]
    """
    Kubeconfig of the cluster's administrator: the contents of a file whose current context it is.

    Resources on the cluster use the Kubernetes provider of the options, if it is given: it saves a
    process for each component.
    """


@dataclass(frozen=True, kw_only=True)
class GivenCluster:
    """A `Cluster` that another resource has made, or that exists."""

    name: str
    """Its short name."""

    provider: kubernetes.Provider
    """Provider of the resources on it."""

    kubeconfig: pulumi.Output[str]
    """Its administrator's kubeconfig, a secret."""

    @property
    def api_server(self) -> pulumi.Output[str]:
        """URL of the API server."""
        return self._entry.apply(lambda cluster: cluster["server"])

    @property
    def certificate_authority_data(self) -> pulumi.Output[str]:
        """CA certificates of the API server: PEM in base64; empty if the kubeconfig has none."""
        return self._entry.apply(lambda cluster: cluster.get("certificate-authority-data", ""))

    @property
    def _entry(self) -> pulumi.Output[dict[str, str]]:
        return pulumi.Output.unsecret(self.kubeconfig.apply(current_cluster))


def given_cluster(
    component: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions
) -> GivenCluster:
    """
    Return the cluster that a component is on.

    Args:
        component: name of the component, after which its own provider is named.
    """
    kubeconfig = pulumi.Output.secret(given["kubeconfig"])
    providers = opts.providers if isinstance(opts.providers, Mapping) else {}
    provider: Any = providers.get("kubernetes") or kubernetes_provider(
        component, kubeconfig, parent=opts.parent
    )
    return GivenCluster(name=given["cluster"], provider=provider, kubeconfig=kubeconfig)


def others(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return what was given but for the cluster, and but for some other properties."""
    known = {"cluster", "kubeconfig", *names}
    return {key: value for key, value in given.items() if key not in known}
