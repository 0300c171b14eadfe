"""Linkerd's Helm charts, all at the version that is pinned."""

from ..helm import Chart
from ..versions import LINKERD_CHART

CRDS = Chart(name="linkerd-crds", version=LINKERD_CHART)
CONTROL_PLANE = Chart(name="linkerd-control-plane", version=LINKERD_CHART)
MULTICLUSTER = Chart(name="linkerd-multicluster", version=LINKERD_CHART)
VIZ = Chart(name="linkerd-viz", version=LINKERD_CHART)

CHARTS = (CRDS, CONTROL_PLANE, MULTICLUSTER, VIZ)
NAMES = tuple(chart.name for chart in CHARTS)
