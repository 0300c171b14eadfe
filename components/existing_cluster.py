"""A cluster that something else made, known by its kubeconfig."""

from dataclasses import dataclass

import pulumi
import yaml

from .cluster import kubernetes_provider


@dataclass(frozen=True, kw_only=True)
class ExistingClusterArgs:
    """Which cluster."""

    kubeconfig: pulumi.Input[str]
    """Contents of a kubeconfig whose current context is the cluster; treated as a secret."""


def current_cluster(kubeconfig: str) -> dict[str, str]:
    """
    Read the cluster of a kubeconfig's current context.

    Returns: its entry, e.g. `{"server": "https://…", "certificate-authority-data": "…"}`.
    Raises: ValueError if there is no such entry; the contents are never quoted.
    """
    try:
        config = yaml.safe_load(kubeconfig)
    except yaml.YAMLError:
        # The parser's own message quotes the place, which may be a key.
        config = None
    if not isinstance(config, dict):
        raise ValueError(
            "kubeconfig must be the YAML of a kubeconfig (got a secret that is none). "
            "Use: kubectl config view --minify --flatten"
        )
    contexts = {entry["name"]: entry["context"] for entry in config.get("contexts") or []}
    clusters = {entry["name"]: entry["cluster"] for entry in config.get("clusters") or []}
    context = contexts.get(config.get("current-context"), {})
    if context.get("cluster") not in clusters:
        raise ValueError(
            "kubeconfig must have a current context that names one of its clusters (got a secret). "
            "Use: kubectl config view --minify --flatten"
        )
    return dict(clusters[context["cluster"]])


class ExistingCluster(pulumi.ComponentResource):
    """
    A cluster that another stack or program made.

    Makes:
        one Kubernetes provider, nothing on the cluster.
    """

    name: str
    """Short name in its environment, one DNS label."""

    api_server: pulumi.Output[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Output[str]
    """Certificates that vouch for the API server: PEM, base64; empty if the system's are meant."""

    kubeconfig: pulumi.Output[str]
    """The kubeconfig that was given, a secret."""

    def __init__(
        self,
        name: str,
        args: ExistingClusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:ExistingCluster", name, {}, opts)
        self.name = name
        self.kubeconfig = pulumi.Output.secret(args.kubeconfig)
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        entry = pulumi.Output.unsecret(self.kubeconfig.apply(current_cluster))
        self.api_server = entry.apply(lambda cluster: cluster["server"])
        self.certificate_authority_data = entry.apply(
            lambda cluster: cluster.get("certificate-authority-data", "")
        )
        self.register_outputs({"api_server": self.api_server})
