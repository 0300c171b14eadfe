"""
An EKS cluster whose defaults are the safe ones.

Access entries only, nobody is administrator by having run `pulumi up`; a key of our own for
secrets; all logs, kept; instance metadata by token and for the node alone; the network plug-in
before the nodes, DNS after them. Nothing is looked up: the same description gives the same plan,
offline too.
"""

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from .cluster import HA_NODES, kubernetes_provider
from .region import regional_provider
from .versions import COREDNS, KUBE_PROXY, KUBERNETES, POD_IDENTITY_AGENT, VPC_CNI

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
)

# Nodes that start before the network plug-in never become ready, and CoreDNS without nodes stays
# degraded. Source: terraform-aws-eks #3446; pulumi-eks #1819
BEFORE_NODES = {
    "vpc-cni": VPC_CNI,
    "kube-proxy": KUBE_PROXY,
    "eks-pod-identity-agent": POD_IDENTITY_AGENT,
}
AFTER_NODES = {"coredns": COREDNS}


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """Where, for whom, and how large."""

    region: str
    """AWS region, e.g. `eu-west-1`."""

    node_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the private subnets of the nodes, in at least two zones."""

    control_plane_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of the subnets of the API server's interfaces, in at least two zones."""

    admins: Sequence[str]
    """ARNs of the IAM principals that administer the cluster; at least one."""

    api_access: Sequence[pulumi.Input[str]] = ()
    """
    Public CIDR blocks that may call the API server, which otherwise is reached from its VPC only.

    Empty turns the public endpoint off. 0.0.0.0/0 is refused.
    """

    kubernetes_version: str = KUBERNETES
    """Minor version of Kubernetes."""

    nodes: int = HA_NODES
    """How many nodes; at least three, for Linkerd's high availability."""

    instance_types: Sequence[str] = ("m7i.large",)
    """Instance types of the nodes, in order of preference."""

    disk_gib: int = 50
    """Size of a node's encrypted disk in GiB."""

    log_retention_days: int = 90
    """How long the API server's logs are kept, in days."""

    deletion_protection: bool = False
    """Whether AWS refuses to delete the cluster; for production."""

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of everything."""

    def __post_init__(self) -> None:
        problems = [*_size_problems(self), *_access_problems(self)]
        if problems:
            raise ValueError("\n".join(problems))


def _size_problems(args: EksClusterArgs) -> list[str]:
    if args.nodes >= HA_NODES:
        return []
    return [
        f"nodes must be at least {HA_NODES} (got {args.nodes}). Linkerd's high availability puts "
        "each replica on a node of its own. Use: nodes=3"
    ]


def _access_problems(args: EksClusterArgs) -> list[str]:
    problems = []
    if not args.admins:
        problems.append(
            "admins must name at least one IAM principal (got none). Nobody is administrator by "
            'having made the cluster. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
        )
    for block in args.api_access:
        if isinstance(block, str) and ipaddress.ip_network(block).prefixlen == 0:
            problems.append(
                f"api_access must not admit the whole internet (got {block}). Anybody could call "
                'the API server. Name your own addresses: api_access=["198.51.100.10/32"]'
            )
    return problems


def exec_kubeconfig(*, name: str, region: str, endpoint: str, authority: str) -> str:
    """
    Make a kubeconfig that asks the AWS CLI for a token each time, so that none is ever stored.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
    """
    login = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", name, "--region", region],
        "interactiveMode": "Never",
    }
    cluster = {"server": endpoint, "certificate-authority-data": authority}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
        "users": [{"name": name, "user": {"exec": login}}],
    }
    return json.dumps(config, sort_keys=True)


def trust_policy(service: str) -> str:
    """Make the policy that lets one AWS service assume a role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


class EksCluster(pulumi.ComponentResource):
    """
    An EKS cluster with one managed node group.

    Makes:
        a provider for the region; a KMS key and its alias, a log group, roles for cluster and
        nodes, the cluster, access entries, add-ons, a launch template, a node group, and a
        Kubernetes provider.
    """

    name: str
    """Short name in its environment, one DNS label."""

    api_server: pulumi.Output[str]
    """URL of the API server."""

    certificate_authority_data: pulumi.Output[str]
    """Certificates that vouch for the API server: PEM, base64."""

    kubeconfig: pulumi.Output[str]
    """Kubeconfig that asks the AWS CLI for a token; a secret, though it holds none."""

    def __init__(
        self,
        name: str,
        args: EksClusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:EksCluster", name, {}, opts)
        self.name = name
        making = _Making(
            name, args, regional_provider(name, args.region, args.tags, parent=self), self
        )
        key = making.key()
        cluster = making.cluster(key, making.log_group())
        entries = making.access_entries(cluster)
        before = making.addons(cluster, BEFORE_NODES, depends_on=entries)
        nodes = making.node_group(cluster, depends_on=before)
        after = making.addons(cluster, AFTER_NODES, depends_on=[nodes])
        self.api_server = cluster.endpoint
        self.certificate_authority_data = cluster.certificate_authority.apply(_authority)
        # Whoever uses the cluster waits for it to be whole, not only for its API server.
        self.kubeconfig = making.kubeconfig(cluster, [*entries, nodes, *after])
        self.provider = kubernetes_provider(name, self.kubeconfig, parent=self)
        self.register_outputs({"api_server": self.api_server})


def _authority(authority: aws.eks.outputs.ClusterCertificateAuthority) -> str:
    return authority.data or ""


@dataclass(frozen=True)
class _Making:
    """The steps of a cluster; each takes what it needs and returns what it made."""

    name: str
    args: EksClusterArgs
    provider: aws.Provider
    parent: pulumi.Resource

    def _opts(self, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self.parent, provider=self.provider, depends_on=[*depends_on]
        )

    def key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            f"{self.name}-secrets",
            description=f"Secrets of the EKS cluster {self.name}",
            enable_key_rotation=True,
            deletion_window_in_days=7,
            opts=self._opts(),
        )
        aws.kms.Alias(
            f"{self.name}-secrets",
            name=f"alias/{self.name}-secrets",
            target_key_id=key.key_id,
            opts=self._opts(),
        )
        return key

    def log_group(self) -> aws.cloudwatch.LogGroup:
        # Made first and with this name, or EKS makes it, and keeps logs for ever.
        return aws.cloudwatch.LogGroup(
            f"{self.name}-logs",
            name=f"/aws/eks/{self.name}/cluster",
            retention_in_days=self.args.log_retention_days,
            opts=self._opts(),
        )

    def _role(
        self, role: str, service: str, policies: Sequence[str]
    ) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        made = aws.iam.Role(
            f"{self.name}-{role}", assume_role_policy=trust_policy(service), opts=self._opts()
        )
        attached: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{self.name}-{role}-{policy}",
                role=made.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self._opts(),
            )
            for policy in policies
        ]
        return made, attached

    def cluster(self, key: aws.kms.Key, logs: aws.cloudwatch.LogGroup) -> aws.eks.Cluster:
        role, attached = self._role("cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"])
        return aws.eks.Cluster(
            self.name,
            name=self.name,
            role_arn=role.arn,
            version=self.args.kubernetes_version,
            access_config={
                "authentication_mode": "API",
                "bootstrap_cluster_creator_admin_permissions": False,
            },
            bootstrap_self_managed_addons=False,
            vpc_config=self._endpoints(),
            enabled_cluster_log_types=LOG_TYPES,
            encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
            upgrade_policy={"support_type": "STANDARD"},
            zonal_shift_config={"enabled": True},
            deletion_protection=self.args.deletion_protection,
            opts=self._opts([*attached, logs]),
        )

    def _endpoints(self) -> aws.eks.ClusterVpcConfigArgs:
        public = bool(self.args.api_access)
        return aws.eks.ClusterVpcConfigArgs(
            subnet_ids=self.args.control_plane_subnet_ids,
            endpoint_private_access=True,
            endpoint_public_access=public,
            public_access_cidrs=list(self.args.api_access) if public else None,
        )

    def access_entries(self, cluster: aws.eks.Cluster) -> list[pulumi.Resource]:
        made: list[pulumi.Resource] = []
        for index, principal in enumerate(self.args.admins):
            entry = aws.eks.AccessEntry(
                f"{self.name}-admin-{index}",
                cluster_name=cluster.name,
                principal_arn=principal,
                type="STANDARD",
                opts=self._opts(),
            )
            policy = aws.eks.AccessPolicyAssociation(
                f"{self.name}-admin-{index}",
                cluster_name=cluster.name,
                principal_arn=entry.principal_arn,
                policy_arn=ADMIN_POLICY,
                access_scope={"type": "cluster"},
                opts=self._opts(),
            )
            made += [entry, policy]
        return made

    def addons(
        self,
        cluster: aws.eks.Cluster,
        versions: dict[str, str],
        depends_on: Sequence[pulumi.Resource],
    ) -> list[pulumi.Resource]:
        return [
            aws.eks.Addon(
                f"{self.name}-{addon}",
                cluster_name=cluster.name,
                addon_name=addon,
                addon_version=version,
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="PRESERVE",
                opts=self._opts(depends_on),
            )
            for addon, version in versions.items()
        ]

    def _launch_template(self) -> aws.ec2.LaunchTemplate:
        return aws.ec2.LaunchTemplate(
            f"{self.name}-nodes",
            update_default_version=True,
            metadata_options={
                "http_endpoint": "enabled",
                "http_tokens": "required",
                "http_put_response_hop_limit": 1,
            },
            block_device_mappings=[
                {
                    "device_name": "/dev/xvda",
                    "ebs": {
                        "volume_type": "gp3",
                        "volume_size": self.args.disk_gib,
                        "encrypted": "true",
                        "delete_on_termination": "true",
                    },
                }
            ],
            opts=self._opts(),
        )

    def node_group(
        self, cluster: aws.eks.Cluster, depends_on: Sequence[pulumi.Resource]
    ) -> aws.eks.NodeGroup:
        role, attached = self._role("nodes", "ec2.amazonaws.com", NODE_POLICIES)
        template = self._launch_template()
        return aws.eks.NodeGroup(
            f"{self.name}-nodes",
            cluster_name=cluster.name,
            node_role_arn=role.arn,
            subnet_ids=self.args.node_subnet_ids,
            ami_type="AL2023_x86_64_STANDARD",
            instance_types=list(self.args.instance_types),
            scaling_config={
                "min_size": self.args.nodes,
                "desired_size": self.args.nodes,
                "max_size": self.args.nodes + 1,
            },
            launch_template={
                "id": template.id,
                "version": template.latest_version.apply(str),
            },
            update_config={"max_unavailable_percentage": 33},
            node_repair_config={"enabled": True},
            opts=self._opts([*attached, *depends_on]),
        )

    def kubeconfig(
        self, cluster: aws.eks.Cluster, ready: Sequence[pulumi.Resource]
    ) -> pulumi.Output[str]:
        text = pulumi.Output.all(
            cluster.endpoint,
            cluster.certificate_authority.apply(_authority),
            *[made.urn for made in ready],
        ).apply(
            lambda known: exec_kubeconfig(
                name=self.name,
                region=self.args.region,
                endpoint=known[0],
                authority=known[1],
            )
        )
        return pulumi.Output.secret(text)
