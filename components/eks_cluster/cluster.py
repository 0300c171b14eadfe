"""The component `EksCluster`: its steps in order, and its outputs."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from ..cluster import kubernetes_provider
from ..region import regional_provider
from ..support import support_end
from ..versions import Phase
from .access import access_entries
from .addons import addons
from .api_server import api_server
from .args import EksClusterArgs
from .authority import authority_expiry
from .build_context import BuildContext
from .key import secrets_key
from .kubeconfig import exec_kubeconfig
from .logs import log_group
from .nodes import NODE_POLICIES, node_group
from .oidc import oidc_issuer_url
from .roles import role_with_policies
from .security_group import ingress_rules
from .storage import default_storage_class


class EksCluster(pulumi.ComponentResource):
    """
    An EKS cluster with one managed node group.

    Makes:
        a provider for the region; a KMS key and its alias, a log group, roles for cluster and
        nodes, the cluster, access entries, rules of its security group, add-ons, a launch template,
        a node group, and a Kubernetes provider; if asked, an OIDC provider, and the EBS add-on
        with a default StorageClass.
    Example:
        network = Network("west", NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16"))
        EksCluster(
            "west",
            EksClusterArgs(
                region=network.region,
                vpc_id=network.vpc_id,
                private_subnet_ids=network.private_subnet_ids,
                control_plane_subnet_ids=network.control_plane_subnet_ids,
                access_entries=[AccessEntry("arn:aws:iam::111122223333:role/operators")],
                public_access_cidrs=["198.51.100.10/32"],
            ),
        )
    Source: https://docs.aws.amazon.com/eks/latest/userguide/
    """

    name: str
    """Short name in its environment, one DNS label."""

    api_server: pulumi.Output[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Output[str]
    """CA certificates of the API server: PEM in base64."""

    certificate_authority_expiry: pulumi.Output[str]
    """When the first of them expires (RFC 3339)."""

    kubeconfig: pulumi.Output[str]
    """Kubeconfig that asks the AWS CLI for a token; a secret, though it contains none."""

    support_end: str
    """Last day of AWS' standard support of its Kubernetes version, e.g. `2027-03-27`."""

    region: str
    """AWS region."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    cluster_security_group_id: pulumi.Output[str]
    """Id of the security group of API server and nodes."""

    cluster_iam_role_name: pulumi.Output[str]
    """Name of the IAM role of the control plane; not a `ClusterRole` of Kubernetes."""

    node_iam_role_name: pulumi.Output[str]
    """Name of the IAM role of the nodes."""

    oidc_issuer_url: pulumi.Output[str] | None
    """URL of the issuer of its service accounts' tokens; None without `create_oidc_provider`."""

    aws_provider: aws.Provider
    """Provider of the AWS resources of the cluster: its region, its tags."""

    provider: kubernetes.Provider
    """Provider of the resources on the cluster; they wait for nodes and add-ons."""

    def __init__(
        self,
        name: str,
        args: EksClusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:EksCluster", name, {}, opts)
        self.name, self.region = name, args.region
        self.vpc_id = pulumi.Output.from_input(args.vpc_id)
        self.aws_provider = regional_provider(name, args.region, args.tags, parent=self)
        context = BuildContext(name, args, self.aws_provider, self)
        role, cluster = _cluster(context)
        self.cluster_security_group_id = cluster.vpc_config.cluster_security_group_id
        entries = access_entries(context, cluster)
        rules = ingress_rules(context, self.cluster_security_group_id)
        before = addons(context, cluster, Phase.BEFORE_NODES, entries)
        node_role, nodes = _nodes(context, cluster, before)
        after = addons(context, cluster, Phase.AFTER_NODES, [nodes])
        self.oidc_issuer_url = oidc_issuer_url(context, cluster)
        self.api_server = cluster.endpoint
        self.certificate_authority_data = cluster.certificate_authority.apply(_authority)
        self.certificate_authority_expiry = self.certificate_authority_data.apply(authority_expiry)
        self.support_end = support_end(args.kubernetes_version).isoformat()
        self.cluster_iam_role_name, self.node_iam_role_name = role.name, node_role.name
        # Resources on the cluster wait for all of it, not only for its API server.
        self.kubeconfig = _kubeconfig(context, cluster, [*entries, *rules, nodes, *after])
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        default_storage_class(context, self.provider, depends_on=after)
        self.register_outputs({"api_server": self.api_server})


def _cluster(context: BuildContext) -> tuple[aws.iam.Role, aws.eks.Cluster]:
    key, logs = secrets_key(context), log_group(context)
    role, attached = role_with_policies(
        f"{context.name}-cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"], context.opts()
    )
    return role, api_server(context, role, key, depends_on=[*attached, logs])


def _nodes(
    context: BuildContext, cluster: aws.eks.Cluster, depends_on: Sequence[pulumi.Resource]
) -> tuple[aws.iam.Role, aws.eks.NodeGroup]:
    role, attached = role_with_policies(
        f"{context.name}-nodes", "ec2.amazonaws.com", NODE_POLICIES, context.opts()
    )
    return role, node_group(context, cluster, role, depends_on=[*attached, *depends_on])


def _authority(authority: aws.eks.outputs.ClusterCertificateAuthority) -> str:
    return authority.data or ""


def _kubeconfig(
    context: BuildContext, cluster: aws.eks.Cluster, ready: Sequence[pulumi.Resource]
) -> pulumi.Output[str]:
    text = pulumi.Output.all(
        cluster.endpoint,
        cluster.certificate_authority.apply(_authority),
        *[made.urn for made in ready],
    ).apply(
        lambda known: exec_kubeconfig(
            name=context.name,
            region=context.args.region,
            endpoint=known[0],
            authority=known[1],
            role=context.args.kubeconfig_role_arn,
        )
    )
    return pulumi.Output.secret(text)
