"""What is stated about one cluster."""

from collections.abc import Iterator

from linkmesh.environment import ClusterSpec, Existing, Kind, NodePorts
from linkmesh.names import CLUSTER_DOMAIN


def cluster_text(cluster: ClusterSpec) -> str:
    """Describe a cluster in one line."""
    if isinstance(cluster, Kind):
        return f"kind, {cluster.workers} worker{'' if cluster.workers == 1 else 's'}"
    if isinstance(cluster, Existing):
        return ", ".join(["existing cluster", *_existing(cluster)])
    protected = "protected" if cluster.protect else "not protected"
    return (
        f"EKS {cluster.kubernetes} in {cluster.region}, {cluster.cidr}, "
        f"{cluster.nodes} x {'/'.join(cluster.instance_types)} with {cluster.disk_gib} GiB, "
        f"{cluster.ami.value}, NAT {cluster.nat.value.replace('_', ' ')}, {protected}"
    )


def _existing(cluster: Existing) -> Iterator[str]:
    """Describe what is said to be on an existing cluster."""
    service = cluster.gateway_service
    if cluster.cluster_domain != CLUSTER_DOMAIN:
        yield f"domain {cluster.cluster_domain}"
    if cluster.flat_with:
        yield f"flat network with {' and '.join(cluster.flat_with)}"
    if isinstance(service, NodePorts):
        yield f"gateway at {service.address}:{service.port}"
    elif service is not None and service.address:
        yield f"gateway at {service.address}"
    if cluster.namespaces:
        yield f"with namespaces {' and '.join(cluster.namespaces)}"
    if cluster.gateway_api:
        yield f"with Gateway API {cluster.gateway_api}"
    if cluster.has_linkerd:
        yield "with Linkerd"
