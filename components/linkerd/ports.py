"""Port numbers of Linkerd's proxy and gateway, each once."""

# Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxy.ports
ADMIN_PORT = 4191
CONTROL_PORT = 4190
INBOUND_PORT = 4143
OUTBOUND_PORT = 4140

# The gateway is a proxy: calls come in on its inbound port, probes on its admin port.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway
GATEWAY_PORT = INBOUND_PORT
PROBE_PORT = ADMIN_PORT
