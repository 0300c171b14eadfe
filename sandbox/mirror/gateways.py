"""
Who would answer at an address: the load balancers and the nodes of every cluster of the sandbox,
and the pods behind them.

No packet flows in the sandbox. A probe of a gateway succeeds if the address belongs to a Service of
type LoadBalancer that has the port, or to a node of a cluster with a Service of type NodePort that
has it as node port, and there is an address of a ready pod at that port.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.mirror import mirrors
from sandbox.mirror.link import Object
from sandbox.mirror.work import Key

# What a Linkerd proxy answers on its admin port. Source: linkerd2-proxy, linkerd/app/admin
PROBE_PATHS = ("/ready", "/live", "/metrics")


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """
    The Services of one cluster that are reached from outside, the Endpoints of all its Services,
    and the addresses of its nodes.
    """

    services: Mapping[Key, Object]
    endpoints: Mapping[Key, Object]
    nodes: Sequence[str] = ()


def answers(
    clusters: Sequence[Reachable],
    address: str,
    port: int,
    path: str,
    resolve: Callable[[str], Sequence[str]] = lambda _: (),
) -> bool:
    """Tell whether a probe of this address would succeed; `resolve` reads balancers' names."""
    return path in PROBE_PATHS and any(
        _leads_to_pods(service, cluster.endpoints.get(key), port)
        for cluster in clusters
        for key, service in cluster.services.items()
        if address in (cluster.nodes if _is_on_nodes(service) else _addresses(service, resolve))
    )


def probe_addresses(service: Object | None, endpoints: Object | None, port: str) -> list[str]:
    """Give the addresses behind a link's probe Service, through which the genuine probe goes."""
    ports = [str(each["port"]) for each in ((service or {}).get("spec") or {}).get("ports") or []]
    if port not in ports or mirrors.is_empty(endpoints):
        return []
    subsets = (endpoints or {})["subsets"]
    return [one["ip"] for subset in subsets for one in subset.get("addresses") or []]


def _addresses(service: Object, resolve: Callable[[str], Sequence[str]]) -> list[str]:
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    return [
        address
        for entry in ingress
        for address in ([entry["ip"]] if "ip" in entry else resolve(entry.get("hostname", "")))
    ]


def _is_on_nodes(service: Object) -> bool:
    return bool(service["spec"]["type"] == "NodePort")


def _leads_to_pods(service: Object, endpoints: Object | None, port: int) -> bool:
    by = "nodePort" if _is_on_nodes(service) else "port"
    names = [each.get("name", "") for each in service["spec"]["ports"] if each.get(by) == port]
    return any(
        subset.get("addresses") and each.get("name", "") in names
        for subset in (endpoints or {}).get("subsets") or []
        for each in subset.get("ports") or []
    )
