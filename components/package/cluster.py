"""The cluster that a component of the package is on: a name and a kubeconfig."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ..cluster import kubernetes_provider
from ..existing_cluster import current_cluster
from .crossing import Component, Given, owning


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

    kubeconfig: pulumi.Output[str]
    """Its administrator's kubeconfig, a secret."""

    make_provider: Callable[[], kubernetes.Provider]

    @cached_property
    def provider(self) -> kubernetes.Provider:
        """Provider of the resources on it; made when the first of them is."""
        return self.make_provider()

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


def on_cluster(
    component: type[Component],
    name: str,
    given: Given,
    opts: pulumi.ResourceOptions,
    make_args: Callable[[GivenCluster], object],
) -> Component:
    """
    Make a component on the cluster that was given.

    Args:
        make_args: makes the arguments of the component, and no resource yet.
    """
    kubeconfig: pulumi.Output[str] = pulumi.Output.secret(given["kubeconfig"])
    providers = opts.providers if isinstance(opts.providers, Mapping) else {}

    def provider(made: Component) -> kubernetes.Provider:
        found: Any = providers.get("kubernetes")
        return found or kubernetes_provider(name, kubeconfig, parent=made)

    def args(made: Component) -> object:
        return make_args(
            GivenCluster(
                name=given["cluster"], kubeconfig=kubeconfig, make_provider=lambda: provider(made)
            )
        )

    return owning(component, name, args, opts)


def others(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return what was given but for the cluster, and but for some other properties."""
    known = {"cluster", "kubeconfig", *names}
    return {key: value for key, value in given.items() if key not in known}
