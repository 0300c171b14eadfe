"""
What makes the pods of a workload roll when Linkerd below them changes; pure.

The data plane comes last: a proxy is that of the control plane that injected it, and believes the
anchors of that moment. Pods that carry these annotations are made anew by the `up` that comes after
their cluster's, at their Deployment's own pace. Workloads that somebody else owns have to be
restarted by hand: `kubectl rollout restart`.
"""

from ...versions import LINKERD_CHART
from ..identity.trust_rotation import TrustState
from .images import edge

VERSION_ANNOTATION = "linkmesh.io/linkerd"
TRUST_ANNOTATION = "linkmesh.io/trust"
ISSUERS_ANNOTATION = "linkmesh.io/issuers"


def data_plane_annotations(
    *, version: str = LINKERD_CHART, trust: TrustState | None = None
) -> dict[str, str]:
    """Make the annotations of a meshed workload's pods; another text rolls them."""
    state = trust or TrustState()
    anchors = "-".join(str(number) for number in state.anchors)
    return {
        VERSION_ANNOTATION: edge(version),
        TRUST_ANNOTATION: f"anchors-{anchors}-signing-{state.signing}",
    }


def control_plane_annotations(
    *, version: str = LINKERD_CHART, trust: TrustState | None = None
) -> dict[str, str]:
    """Make those of the control plane, which rolls with its issuer's key besides."""
    state = trust or TrustState()
    return {
        **data_plane_annotations(version=version, trust=state),
        ISSUERS_ANNOTATION: f"issuers-{state.issuers}",
    }
