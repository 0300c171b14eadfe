"""
Proxy settings of one workload that differ from the mesh's, as annotations of its pods.

The injector reads the annotations when a pod is created: they do not change running pods. A list of
ports replaces the mesh's list; it is not added to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...arguments import checked
from ...ports import LARGEST_PORT
from ..labels import OPAQUE_PORTS, PROXY_CONFIG, SKIP_INBOUND_PORTS, SKIP_OUTBOUND_PORTS
from .proxy import ProxyResources

# The mesh's own lists of skipped and opaque ports. A list of a workload must repeat the ports of
# these that it should contain.
# Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxyInit and proxy.opaquePorts
DEFAULT_SKIPPED_PORTS = (4567, 4568)
DEFAULT_OPAQUE_PORTS = (25, 587, 3306, 4444, 5432, 6379, 9300, 11211)

Ports = Sequence[int | tuple[int, int]]


@checked
@dataclass(frozen=True, kw_only=True)
class WorkloadProxyConfig:
    """Settings of one workload's proxy, for `workload_annotations`."""

    resources: ProxyResources = field(default_factory=ProxyResources)
    """Requests and limits; None: those of the mesh."""

    skip_inbound_ports: Ports | None = None
    """
    Ports, or ranges `(first, last)`, whose incoming connections bypass the proxy.

    Nothing on them is encrypted or counted, and a gateway cannot forward to them. None leaves the
    mesh's list (`DEFAULT_SKIPPED_PORTS`), which a list given here replaces.
    """

    skip_outbound_ports: Ports | None = None
    """The same for outgoing connections: a mirror service cannot be called on these ports."""

    opaque_ports: Ports | None = None
    """
    Ports whose protocol the proxy does not detect: databases and others where the server speaks
    first.

    They stay encrypted. None leaves the mesh's list (`DEFAULT_OPAQUE_PORTS`). A Service in front of
    the workload needs the same annotation.
    """

    def __post_init__(self) -> None:
        problems = [
            *_port_problems("skip_inbound_ports", self.skip_inbound_ports),
            *_port_problems("skip_outbound_ports", self.skip_outbound_ports),
            *_port_problems("opaque_ports", self.opaque_ports),
        ]
        if problems:
            raise ValueError("\n".join(problems))


def resource_annotations(resources: ProxyResources) -> dict[str, str]:
    """Make the annotations that size one workload's proxy."""
    given = {
        "proxy-cpu-request": resources.cpu_request,
        "proxy-cpu-limit": resources.cpu_limit,
        "proxy-memory-request": resources.memory_request,
        "proxy-memory-limit": resources.memory_limit,
    }
    return {f"{PROXY_CONFIG}/{name}": text for name, text in given.items() if text is not None}


def proxy_annotations(proxy: WorkloadProxyConfig) -> dict[str, str]:
    """Make the annotations of one workload's pods."""
    lists = {
        SKIP_INBOUND_PORTS: proxy.skip_inbound_ports,
        SKIP_OUTBOUND_PORTS: proxy.skip_outbound_ports,
        OPAQUE_PORTS: proxy.opaque_ports,
    }
    ports = {name: _joined(given) for name, given in lists.items() if given}
    return {**resource_annotations(proxy.resources), **ports}


def _joined(ports: Ports) -> str:
    return ",".join(f"{p[0]}-{p[1]}" if isinstance(p, tuple) else str(p) for p in ports)


def _port_problems(thing: str, ports: Ports | None) -> list[str]:
    if ports is None:
        return []
    if not ports:
        return [
            f"{thing} must name at least one port (got none). An empty annotation is ignored,"
            " and the mesh's own list would stay. Use: None, or a port that nothing listens on"
        ]
    ranges = [port if isinstance(port, tuple) else (port, port) for port in ports]
    wrong = [pair for pair in ranges if not 1 <= pair[0] <= pair[1] <= LARGEST_PORT]
    return [
        f"{thing} must hold ports from 1 to {LARGEST_PORT}, and ranges with the first one first "
        "(got "
        f"{first if first == last else f'{first}-{last}'}). Use: [25, (4000, 4010)]"
        for first, last in wrong
    ]
