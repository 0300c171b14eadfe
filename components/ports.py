"""Limits of port numbers."""

LARGEST_PORT = 65_535

# Source: Kubernetes, --service-node-port-range
NODE_PORTS = range(30000, 32768)

# Ports of every node for the gateway, for calls and for the health probe, unless others are given.
GATEWAY_NODE_PORT = 30143
PROBE_NODE_PORT = 30191


def node_port_problems(port: int, probe_port: int) -> list[str]:
    """List what is wrong with the two ports of nodes of a gateway."""
    if port in NODE_PORTS and probe_port in NODE_PORTS and port != probe_port:
        return []
    return [
        "port and probe_port of node ports must be two ports from 30000 to 32767 (got "
        f"{port} and {probe_port}). Kubernetes accepts no others. Use: "
        f"port={GATEWAY_NODE_PORT}, probe_port={PROBE_NODE_PORT}"
    ]
