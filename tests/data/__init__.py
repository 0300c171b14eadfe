"""Data of other projects that tests compare ours with. Sources and licenses: README.md."""

from pathlib import Path

from linkmesh.versions import LINKERD_CHART

LINKERD_CHARTS = Path(__file__).parent / f"linkerd-{LINKERD_CHART}"
"""Values and custom resource definitions of Linkerd's own charts, in the version that we pin."""

OPERATOR_STACK = Path(__file__).parent / "pulumi-operator-2.9.0" / "stack.yaml"
"""Fields of a `Stack` of the Pulumi Kubernetes Operator, as they are documented."""
