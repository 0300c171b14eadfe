"""
A program of its own that imports linkmesh: a cluster that is there calls one that it makes.

`office` was made by somebody else and is known by its kubeconfig; `cloud` is made here, on EKS.
Both get Linkerd under one trust anchor, `office` gets a link to `cloud`, and the Service `orders`
of `cloud` can be called on `office` as `orders-cloud`. Nothing here is a stack of linkmesh's own.
"""

import pulumi
import pulumi_kubernetes as kubernetes
from linkmesh import (
    AccessEntry,
    Cluster,
    EksCluster,
    EksClusterArgs,
    ExistingCluster,
    ExistingClusterArgs,
    ExportedService,
    ExportedServiceArgs,
    GatewayArgs,
    IdentityIssuer,
    IdentityIssuerArgs,
    Link,
    LinkAccess,
    LinkAccessArgs,
    LinkArgs,
    LinkerdControlPlane,
    LinkerdControlPlaneArgs,
    LinkerdMulticluster,
    LinkerdMulticlusterArgs,
    LinkGrant,
    LoadBalancerController,
    LoadBalancerControllerArgs,
    MeshedNamespace,
    MeshedNamespaceArgs,
    Network,
    NetworkArgs,
    TrustAnchor,
    TrustAnchorArgs,
)
from linkmesh.versions import LINKERD_CHARTS, LOAD_BALANCER_CONTROLLER_CHARTS

REGION = "eu-west-1"
NAMESPACE = "shop"
BALANCER = "service.beta.kubernetes.io/aws-load-balancer"

config = pulumi.Config()
charts = config.get("charts") or LINKERD_CHARTS
aws_charts = config.get("awsCharts") or LOAD_BALANCER_CONTROLLER_CHARTS
# CIDR blocks of the office: whoever runs `pulumi up`, and the pods of `office`, come from there.
office_blocks = config.require_object("officeBlocks")


def cloud_cluster() -> tuple[EksCluster, LoadBalancerController]:
    """Make an EKS cluster in a network of its own, and what makes load balancers on it."""
    network = Network("cloud", NetworkArgs(region=REGION, cidr="10.40.0.0/16"))
    cluster = EksCluster(
        "cloud",
        EksClusterArgs(
            region=REGION,
            vpc_id=network.vpc_id,
            node_subnet_ids=network.private_subnet_ids,
            control_plane_subnet_ids=network.control_plane_subnet_ids,
            access=[AccessEntry(config.require("administrator"))],
            api_access=office_blocks,
        ),
        # Nodes fetch their images through the network's NAT gateways.
        pulumi.ResourceOptions(depends_on=[network]),
    )
    balancers = LoadBalancerController(
        "cloud-load-balancers",
        LoadBalancerControllerArgs(
            cluster=cluster, vpc_id=network.vpc_id, region=REGION, charts=aws_charts
        ),
    )
    return cluster, balancers


def linkerd(cluster: Cluster, anchor: TrustAnchor) -> LinkerdControlPlane:
    """Install Linkerd, with an identity issuer of the cluster's own."""
    issuer = IdentityIssuer(f"{cluster.name}-issuer", IdentityIssuerArgs(anchor=anchor))
    return LinkerdControlPlane(
        f"{cluster.name}-linkerd",
        LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=anchor.certificate_pem,
            issuer_certificate_pem=issuer.certificate_pem,
            issuer_key_pem=issuer.private_key_pem,
            charts=charts,
            values=config.get_object("controlPlaneValues") or {},
        ),
    )


def gateway() -> GatewayArgs:
    """Describe the gateway of `cloud`: on the internet, for the office only."""
    return GatewayArgs(
        load_balancer_class="service.k8s.aws/nlb",
        source_ranges=office_blocks,
        service_annotations={
            f"{BALANCER}-scheme": "internet-facing",
            f"{BALANCER}-nlb-target-type": "ip",
            f"{BALANCER}-healthcheck-protocol": "HTTP",
            f"{BALANCER}-healthcheck-port": "4191",
            f"{BALANCER}-healthcheck-path": "/ready",
            f"{BALANCER}-target-group-attributes": "preserve_client_ip.enabled=false",
        },
    )


def orders(cluster: Cluster, namespace: MeshedNamespace) -> kubernetes.core.v1.Service:
    """Make the Service that `office` calls; the pods behind it are left to somebody else."""
    return kubernetes.core.v1.Service(
        "orders",
        metadata={
            "name": "orders",
            "namespace": NAMESPACE,
            # Its pods are not of this program, which does not wait for them.
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        spec={"selector": {"app": "orders"}, "ports": [{"name": "http", "port": 80}]},
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=[namespace]),
    )


anchor = TrustAnchor("anchor", TrustAnchorArgs())
office = ExistingCluster(
    "office", ExistingClusterArgs(kubeconfig=config.require_secret("officeKubeconfig"))
)
cloud, balancers = cloud_cluster()

office_linkerd = linkerd(office, anchor)
cloud_linkerd = linkerd(cloud, anchor)
office_multicluster = LinkerdMulticluster(
    "office-multicluster",
    LinkerdMulticlusterArgs(cluster=office, targets=["cloud"], charts=charts),
    pulumi.ResourceOptions(depends_on=[office_linkerd]),
)
cloud_multicluster = LinkerdMulticluster(
    "cloud-multicluster",
    LinkerdMulticlusterArgs(cluster=cloud, gateway=gateway(), charts=charts),
    # Whoever makes load balancers comes before the gateway, and goes after it.
    pulumi.ResourceOptions(depends_on=[cloud_linkerd, balancers]),
)

access = LinkAccess(
    "cloud-access-office",
    LinkAccessArgs(cluster=cloud, source="office"),
    pulumi.ResourceOptions(depends_on=[cloud_multicluster]),
)
link = Link(
    "office-cloud",
    LinkArgs(
        source=office,
        grant=LinkGrant(
            target="cloud",
            account=access.account,
            token=access.token,
            api_server=cloud.api_server,
            certificate_authority_data=cloud.certificate_authority_data,
            gateway=cloud_multicluster.gateway,
        ),
    ),
    pulumi.ResourceOptions(depends_on=[office_multicluster]),
)

namespaces = {
    cluster.name: MeshedNamespace(
        f"{cluster.name}-{NAMESPACE}",
        MeshedNamespaceArgs(cluster=cluster, namespace=NAMESPACE),
        pulumi.ResourceOptions(depends_on=[installed]),
    )
    for cluster, installed in ((office, office_linkerd), (cloud, cloud_linkerd))
}
export = ExportedService(
    "orders-export",
    ExportedServiceArgs(
        cluster=cloud,
        service="orders",
        namespace=NAMESPACE,
        resource=orders(cloud, namespaces["cloud"]),
    ),
    # A mirror needs the namespace on the source, and goes before it.
    pulumi.ResourceOptions(depends_on=[link, namespaces["office"]]),
)

pulumi.export("url", export.url(80))
pulumi.export("cloud_supported_until", cloud.support_end)
