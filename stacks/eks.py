"""What the stack of an EKS cluster exports besides, for people and for `mesh status`."""

from linkmesh.cluster import Cluster
from linkmesh.eks_cluster import EksCluster

from .outputs import EksContract


def export(cluster: Cluster) -> None:
    """Export what only an EKS cluster has."""
    assert isinstance(cluster, EksCluster)
    EksContract(
        support_end=cluster.support_end,
        certificate_authority_expiry=cluster.certificate_authority_expiry,
        security_group_id=cluster.cluster_security_group_id,
        cluster_role=cluster.cluster_iam_role_name,
        node_role=cluster.node_iam_role_name,
    ).export()
