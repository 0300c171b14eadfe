"""
A program that links two clusters with linkmesh: `office`, which exists, calls `cloud`, made here.

Pods on `office` call the Service `orders` of `cloud` as `orders-cloud`, by mutual TLS.
"""

import linkmesh
import pulumi
import pulumi_kubernetes as kubernetes

config = pulumi.Config()
cidrs = config.require_object("officeCidrs")  # of `pulumi up`, and of the pods of office
anchor = linkmesh.TrustAnchor("anchor")


def linkerd(cluster: linkmesh.Cluster) -> linkmesh.LinkerdControlPlane:
    """Install Linkerd under the shared trust anchor."""
    issuer = linkmesh.IdentityIssuer(
        f"{cluster.name}-issuer", linkmesh.IdentityIssuerArgs(trust_anchor=anchor)
    )
    args = linkmesh.LinkerdControlPlaneArgs(
        cluster=cluster,
        trust_anchors_pem=anchor.certificate_pem,
        issuer=issuer,
        charts=config.get("charts"),
        values=config.get_object("controlPlaneValues") or {},
    )
    return linkmesh.LinkerdControlPlane(f"{cluster.name}-linkerd", args)


# The cluster that exists, and calls.
kubeconfig = config.require_secret("officeKubeconfig")
office = linkmesh.ExistingCluster("office", linkmesh.ExistingClusterArgs(kubeconfig=kubeconfig))
source = linkmesh.LinkerdMulticluster(
    "office-multicluster",
    linkmesh.LinkerdMulticlusterArgs(control_plane=linkerd(office), targets=["cloud"]),
)

# The cluster that is made here, and is called.
network = linkmesh.Network(
    "cloud", linkmesh.NetworkArgs(region="eu-west-1", cidr_block="10.40.0.0/16")
)
cluster_args = linkmesh.EksClusterArgs(
    region=network.region,
    vpc_id=network.vpc_id,
    private_subnet_ids=network.private_subnet_ids,
    control_plane_subnet_ids=network.control_plane_subnet_ids,
    access_entries=[linkmesh.AccessEntry(config.require("administrator"))],
    public_access_cidrs=cidrs,
)
cloud = linkmesh.EksCluster("cloud", cluster_args)
controller = linkmesh.LoadBalancerController(
    "cloud-load-balancers",
    linkmesh.LoadBalancerControllerArgs(cluster=cloud, charts=config.get("awsCharts")),
)
gateway = linkmesh.NlbGateway(controller=controller, internet_facing=True, source_ranges=cidrs)
target = linkmesh.LinkerdMulticluster(
    "cloud-multicluster",
    linkmesh.LinkerdMulticlusterArgs(control_plane=linkerd(cloud), gateway=gateway),
)

# The link: cloud grants access, office uses the grant.
access = linkmesh.LinkAccess(
    "cloud-access-office", linkmesh.LinkAccessArgs(target=target, source="office")
)
link = linkmesh.Link("office-cloud", linkmesh.LinkArgs(source=source, grant=access.grant))

# A service of cloud, in a namespace that both clusters have.
shops: list[pulumi.Resource] = [
    linkmesh.MeshedNamespace(
        f"{each.name}-shop", linkmesh.MeshedNamespaceArgs(cluster=each, namespace="shop")
    )
    for each in (office, cloud)
]
metadata = {"name": "orders", "namespace": "shop", "annotations": {"pulumi.com/skipAwait": "true"}}
orders = kubernetes.core.v1.Service(  # its pods are those of another program
    "orders",
    metadata=metadata,
    spec={"selector": {"app": "orders"}, "ports": [{"name": "http", "port": 80}]},
    opts=pulumi.ResourceOptions(provider=cloud.provider, depends_on=shops),
)
export_args = linkmesh.ExportedServiceArgs(
    cluster=cloud, service="orders", namespace="shop", resource=orders
)
export = linkmesh.ExportedService(
    "orders-export", export_args, pulumi.ResourceOptions(depends_on=[link, *shops])
)
pulumi.export("url", export.url(80))
