"""An EKS cluster, step by step: what is made after what, and what is told of it."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ..cluster import kubernetes_provider
from ..region import regional_provider
from ..support import support_end
from ..versions import Phase
from .access import access_entries
from .addons import addons
from .api_server import api_server
from .args import EksClusterArgs
from .authority import authority_expiry
from .key import secrets_key
from .kubeconfig import exec_kubeconfig
from .logs import log_group
from .making import Making
from .nodes import NODE_POLICIES, node_group
from .oidc import oidc_issuer
from .roles import role_with_policies
from .security_group import ingress_rules


class EksCluster(pulumi.ComponentResource):
    """
    An EKS cluster with one managed node group.

    Makes:
        a provider for the region; a KMS key and its alias, a log group, roles for cluster and
        nodes, the cluster, access entries, rules of its security group, add-ons, a launch template,
        a node group, and a Kubernetes provider; if asked, an OIDC provider and the EBS add-on.
    """

    name: str
    """Short name in its environment, one DNS label."""

    api_server: pulumi.Output[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Output[str]
    """Certificates that vouch for the API server: PEM, base64."""

    certificate_authority_expiry: pulumi.Output[str]
    """When the first of them expires, RFC 3339."""

    kubeconfig: pulumi.Output[str]
    """Kubeconfig that asks the AWS CLI for a token; a secret, though it holds none."""

    support_end: str
    """Last day of AWS' standard support of its Kubernetes version, `2027-03-27`."""

    security_group_id: pulumi.Output[str]
    """Id of the security group of its API server and nodes."""

    cluster_role_name: pulumi.Output[str]
    """Name of the IAM role of the cluster."""

    node_role_name: pulumi.Output[str]
    """Name of the IAM role of its nodes."""

    oidc_issuer: pulumi.Output[str] | None
    """URL of the issuer of its service accounts' tokens, if IAM was to trust them."""

    aws_provider: aws.Provider
    """What AWS resources of this cluster are made with: its region, its tags."""

    def __init__(
        self,
        name: str,
        args: EksClusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:EksCluster", name, {}, opts)
        self.name = name
        self.aws_provider = regional_provider(name, args.region, args.tags, parent=self)
        making = Making(name, args, self.aws_provider, self)
        role, cluster = _cluster(making)
        self.security_group_id = cluster.vpc_config.cluster_security_group_id
        entries = access_entries(making, cluster)
        rules = ingress_rules(making, self.security_group_id)
        before = addons(making, cluster, Phase.BEFORE_NODES, entries)
        node_role, nodes = _nodes(making, cluster, before)
        after = addons(making, cluster, Phase.AFTER_NODES, [nodes])
        self.oidc_issuer = oidc_issuer(making, cluster) if args.oidc_provider else None
        self.api_server = cluster.endpoint
        self.certificate_authority_data = cluster.certificate_authority.apply(_authority)
        self.certificate_authority_expiry = self.certificate_authority_data.apply(authority_expiry)
        self.support_end = support_end(args.kubernetes_version).isoformat()
        self.cluster_role_name, self.node_role_name = role.name, node_role.name
        # Whoever uses the cluster waits for it to be whole, not only for its API server.
        self.kubeconfig = _kubeconfig(making, cluster, [*entries, *rules, nodes, *after])
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        self.register_outputs({"api_server": self.api_server})


def _cluster(making: Making) -> tuple[aws.iam.Role, aws.eks.Cluster]:
    key, logs = secrets_key(making), log_group(making)
    role, attached = role_with_policies(
        f"{making.name}-cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"], making.opts()
    )
    return role, api_server(making, role, key, depends_on=[*attached, logs])


def _nodes(
    making: Making, cluster: aws.eks.Cluster, depends_on: Sequence[pulumi.Resource]
) -> tuple[aws.iam.Role, aws.eks.NodeGroup]:
    role, attached = role_with_policies(
        f"{making.name}-nodes", "ec2.amazonaws.com", NODE_POLICIES, making.opts()
    )
    return role, node_group(making, cluster, role, depends_on=[*attached, *depends_on])


def _authority(authority: aws.eks.outputs.ClusterCertificateAuthority) -> str:
    return authority.data or ""


def _kubeconfig(
    making: Making, cluster: aws.eks.Cluster, ready: Sequence[pulumi.Resource]
) -> pulumi.Output[str]:
    text = pulumi.Output.all(
        cluster.endpoint,
        cluster.certificate_authority.apply(_authority),
        *[made.urn for made in ready],
    ).apply(
        lambda known: exec_kubeconfig(
            name=making.name,
            region=making.args.region,
            endpoint=known[0],
            authority=known[1],
            role=making.args.kubeconfig_role,
        )
    )
    return pulumi.Output.secret(text)
