"""Rules of existing clusters: what is said to be on them, and how they are reached."""

from collections.abc import Iterator

from ... import names
from ...hosts import addresses_problem
from ...load_balancer_service import load_balancer_problems
from ...ports import node_port_problems
from ...support import gateway_api_problems, is_version
from ..clusters import Existing
from ..gateways import NodePorts
from ..topology import Topology


def problems(topology: Topology) -> Iterator[str]:
    """Find what cannot be true of an existing cluster, or would change nothing."""
    for cluster in topology.environment.clusters:
        if isinstance(cluster, Existing):
            yield from _domain(cluster)
            yield from _flat(cluster, topology)
            yield from _gateway(cluster)
            yield from _namespaces(cluster, topology)
            yield from _gateway_api(cluster, topology)


def _domain(cluster: Existing) -> Iterator[str]:
    if not names.is_domain(cluster.cluster_domain):
        yield (
            f"cluster_domain of cluster {cluster.name!r} must be a DNS name (got "
            f"{cluster.cluster_domain!r}). Names of its services end with it. Use: "
            f'cluster_domain="{names.CLUSTER_DOMAIN}"'
        )


def _flat(cluster: Existing, topology: Topology) -> Iterator[str]:
    if not cluster.flat_with:
        return
    others = {
        one.name: one
        for one in topology.environment.clusters
        if isinstance(one, Existing) and one.name != cluster.name
    }
    for name in cluster.flat_with:
        if name not in others:
            yield (
                f"flat_with of cluster {cluster.name!r} must name other existing clusters (got "
                f"{name!r}). Networks of EKS clusters are joined by peerings, and kind clusters "
                f"are on one machine. Known: {', '.join(others) or 'none'}."
            )


def _gateway(cluster: Existing) -> Iterator[str]:
    service = cluster.gateway_service
    if service is None:
        return
    thing = f"gateway_service of cluster {cluster.name!r}"
    if service.address is not None and (problem := addresses_problem(thing, service.address)):
        yield problem
    found = (
        node_port_problems(service.port, service.probe_port)
        if isinstance(service, NodePorts)
        else load_balancer_problems(service.load_balancer_class, "annotations", service.annotations)
    )
    for problem in found:
        yield f"{thing}: {problem}"


def _namespaces(cluster: Existing, topology: Topology) -> Iterator[str]:
    used = topology.namespaces_of(cluster.name)
    for name in cluster.namespaces:
        if name not in used:
            yield (
                f"namespaces of cluster {cluster.name!r} must be of its exports, mirrors, routes "
                f"or application (got {name!r}). It would change nothing. Known: "
                f"{', '.join(used) or 'none'}."
            )


def _gateway_api(cluster: Existing, topology: Topology) -> Iterator[str]:
    version = cluster.gateway_api
    if version is None:
        return
    thing = f"gateway_api of cluster {cluster.name!r}"
    if cluster.has_linkerd:
        yield (
            f"{thing} must be left out with has_linkerd (got {version!r}). Its Linkerd uses the "
            "CRDs that are there. Use: no gateway_api"
        )
    elif not is_version(version):
        yield (
            f"{thing} must be a version (got {version!r}). It is compared with those that Linkerd "
            'supports. Use: gateway_api="1.4.0"'
        )
    else:
        linkerd = topology.environment.linkerd.version_on(cluster.name)
        for problem in gateway_api_problems(version, linkerd):
            yield f"{thing}: {problem}"
