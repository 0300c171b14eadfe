"""The component `ExistingCluster`: a cluster that is managed elsewhere."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes
import yaml

from .arguments import checked
from .cluster import kubernetes_provider
from .yaml_text import parsed


@checked
@dataclass(frozen=True, kw_only=True)
class ExistingClusterArgs:
    """Arguments of `ExistingCluster`."""

    kubeconfig: pulumi.Input[str]
    """Contents of a kubeconfig whose current context is the cluster; made a secret."""


def current_cluster(kubeconfig: str) -> dict[str, str]:
    """
    Read the cluster of a kubeconfig's current context.

    Returns: its entry, e.g. `{"server": "https://…", "certificate-authority-data": "…"}`.
    Raises: ValueError if there is no such entry; the message does not quote the contents.
    """
    try:
        config = parsed(kubeconfig)
    except yaml.YAMLError:
        # The message of the parser quotes a part of the text, which may be a key.
        config = None
    if not isinstance(config, dict):
        raise ValueError(
            "kubeconfig must be the YAML of a kubeconfig (got a secret of another form). "
            "Use: kubectl config view --minify --flatten --raw"
        )
    contexts = {entry["name"]: entry["context"] for entry in config.get("contexts") or []}
    clusters = {entry["name"]: entry["cluster"] for entry in config.get("clusters") or []}
    context = contexts.get(config.get("current-context"), {})
    if context.get("cluster") not in clusters:
        raise ValueError(
            "kubeconfig must have a current context that names one of its clusters (got a secret). "
            "Use: kubectl config view --minify --flatten --raw"
        )
    found = dict(clusters[context["cluster"]])
    if "certificate-authority-data" not in found and (
        found.get("certificate-authority") or found.get("insecure-skip-tls-verify")
    ):
        raise ValueError(
            "kubeconfig must contain the CA certificates of its cluster (got a path of a file, or "
            "none to verify with). Pods of sources have no such file, and verify the API server. "
            "Use: kubectl config view --minify --flatten --raw"
        )
    return found


class ExistingCluster(pulumi.ComponentResource):
    """
    A cluster that another stack, program or tool manages.

    Makes:
        one Kubernetes provider, nothing on the cluster.
    Example:
        ExistingCluster(
            "office", ExistingClusterArgs(kubeconfig=config.require_secret("officeKubeconfig"))
        )
    """

    name: str
    """Short name, one DNS label: mirror services of its services end with it."""

    provider: kubernetes.Provider
    """Provider of the resources on the cluster."""

    api_server: pulumi.Output[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Output[str]
    """CA certificates of the API server: PEM in base64; empty if the kubeconfig has none."""

    kubeconfig: pulumi.Output[str]
    """The kubeconfig of the arguments, a secret."""

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
