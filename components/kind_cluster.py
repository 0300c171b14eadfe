"""
A kind cluster: Kubernetes in containers on one machine.

Three workers beside the control plane, because high availability as Linkerd defines it wants each
replica on a node of its own, and kind taints the control plane as soon as there are workers.
"""

from dataclasses import dataclass

import pulumi
import pulumi_kind as kind

from .cluster import kubernetes_provider
from .existing_cluster import current_cluster
from .high_availability import HA_NODES
from .versions import KIND_NODE_IMAGE


@dataclass(frozen=True, kw_only=True)
class KindClusterArgs:
    """How large, and of which Kubernetes."""

    workers: int = HA_NODES
    """
    How many workers, each a container; at least one.

    Three by default, the least on which Linkerd's high availability fits.
    """

    node_image: str = KIND_NODE_IMAGE
    """Image of every node; its tag is the version of Kubernetes."""

    kubeconfig_folder: str = ".kubeconfigs"
    """
    Folder in which kind writes a copy of the kubeconfig under the cluster's name, mode 0600.

    Relative to the program, since another path is another cluster to kind's provider: it must be
    the same on every machine. Keep it out of version control. (kind cannot be told to write none.)
    """

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError(
                f"workers must be at least 1 (got {self.workers}). Nothing could be scheduled: "
                "kind taints the control plane of a cluster. Use: workers=3"
            )


def cluster_config(workers: int) -> kind.ClusterKindConfigArgs:
    """Make kind's own configuration: one control plane and its workers."""
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
    Source: https://github.com/tehcyx/terraform-provider-kind
    """

    name: str
    """Short name in its environment, one DNS label; also kind's name for the cluster."""

    api_server: pulumi.Output[str]
    """URL of the API server, as the machine that runs kind sees it: a loopback address."""

    certificate_authority_data: pulumi.Output[str]
    """Certificates that vouch for the API server: PEM, base64."""

    kubeconfig: pulumi.Output[str]
    """Administrator's kubeconfig, a secret."""

    def __init__(
        self,
        name: str,
        args: KindClusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:KindCluster", name, {}, opts)
        self.name = name
        self.cluster = _cluster(name, args, parent=self)
        self.kubeconfig = pulumi.Output.secret(self.cluster.kubeconfig)
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        entry = pulumi.Output.unsecret(self.kubeconfig.apply(current_cluster))
        self.api_server = entry.apply(lambda cluster: cluster["server"])
        self.certificate_authority_data = entry.apply(
            lambda cluster: cluster["certificate-authority-data"]
        )
        self.register_outputs({"api_server": self.api_server})


def _cluster(name: str, args: KindClusterArgs, parent: pulumi.Resource) -> kind.Cluster:
    # The provider marks none of its outputs as sensitive, so we name them.
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
