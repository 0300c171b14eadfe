"""The probe by which sources find out whether a gateway is alive."""

# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway.probe
PROBE_PATH = "/ready"
PROBE_PERIOD_SECONDS = 3
