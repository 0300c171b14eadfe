"""
The component `KindCluster`: Kubernetes in containers on one machine.

It has three workers beside the control plane, because Linkerd's high availability needs a node for
each replica, and kind taints the control plane of a cluster with workers.
"""

from dataclasses import dataclass

import pulumi
import pulumi_kind as kind
import pulumi_kubernetes as kubernetes

from .arguments import checked
from .cluster import kubernetes_provider
from .existing_cluster import current_cluster
from .high_availability import HA_NODES
from .kind_nodes import worker_problems
from .versions import KIND_NODE_IMAGE


@checked
@dataclass(frozen=True, kw_only=True)
class KindClusterArgs:
    """Arguments of `KindCluster`."""

    workers: int = HA_NODES
    """
    Number of workers, each a container; at least one.

    Three by default, the fewest for Linkerd's high availability.
    """

    node_image: str = KIND_NODE_IMAGE
    """Image of every node; its tag is the Kubernetes version, e.g. `kindest/node:v1.35.0`."""

    kubeconfig_folder: str = ".kubeconfigs"
    """
    Folder into which kind writes a copy of the kubeconfig, `<cluster's name>` with mode 0600.

    Relative to the program: for kind's provider another path is another cluster, so it must be the
    same on every machine. Exclude it from version control. (kind always writes the file.)
    """

    def __post_init__(self) -> None:
        if problems := worker_problems(self.workers):
            raise ValueError("\n".join(problems))


def cluster_config(workers: int) -> kind.ClusterKindConfigArgs:
    """Make the configuration of kind: one control plane and its workers."""
    roles = ["control-plane", *["worker"] * workers]
    return kind.ClusterKindConfigArgs(
        kind="Cluster",
        api_version="kind.x-k8s.io/v1alpha4",
        nodes=[kind.ClusterKindConfigNodeArgs(role=role) for role in roles],
    )


class KindCluster(pulumi.ComponentResource):
    """
    A kind cluster.

    Makes:
        one `kind:index:Cluster` and its Kubernetes provider.
    Needs:
        Docker or Podman on the machine that runs `pulumi up`.
        The package `pulumi_kind`, which is no dependency: docs/decisions/0023-one-distribution.md
    Example:
        KindCluster("local")
    Source: https://github.com/tehcyx/terraform-provider-kind
    """

    name: str
    """Short name, one DNS label, also of the cluster in kind: mirror services end with it."""

    provider: kubernetes.Provider
    """Provider of the resources on the cluster."""

    api_server: pulumi.Output[str]
    """URL of the API server, as the machine that runs kind sees it: a loopback address."""

    certificate_authority_data: pulumi.Output[str]
    """CA certificates of the API server: PEM in base64."""

    kubeconfig: pulumi.Output[str]
    """Administrator's kubeconfig, a secret."""

    def __init__(
        self,
        name: str,
        args: KindClusterArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:KindCluster", name, {}, opts)
        self.name = name
        self.cluster = _cluster(name, args or KindClusterArgs(), parent=self)
        self.kubeconfig = pulumi.Output.secret(self.cluster.kubeconfig)
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        entry = pulumi.Output.unsecret(self.kubeconfig.apply(current_cluster))
        self.api_server = entry.apply(lambda cluster: cluster["server"])
        self.certificate_authority_data = entry.apply(
            lambda cluster: cluster["certificate-authority-data"]
        )
        self.register_outputs({"api_server": self.api_server})


def _cluster(name: str, args: KindClusterArgs, parent: pulumi.Resource) -> kind.Cluster:
    # The provider marks none of its outputs as secret.
    return kind.Cluster(
        name,
        name=name,
        node_image=args.node_image,
        wait_for_ready=True,
        kubeconfig_path=f"{args.kubeconfig_folder}/{name}",
        kind_config=cluster_config(args.workers),
        opts=pulumi.ResourceOptions(
            parent=parent,
            additional_secret_outputs=["kubeconfig", "client_key", "client_certificate"],
        ),
    )
