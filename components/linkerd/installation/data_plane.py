"""
Annotations that restart the pods of a workload when Linkerd changes.

A proxy has the version of the control plane that injected it, and trusts the anchors of that
moment. So the data plane is updated last: the `up` after that of the cluster replaces the pods that
have these annotations, at the pace of their Deployment. Workloads of other owners must be restarted
by hand: `kubectl rollout restart`.
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
    """Make the annotations of a meshed workload's pods; when they change, the pods restart."""
    state = trust or TrustState()
    anchors = "-".join(str(number) for number in state.anchors)
    return {
        VERSION_ANNOTATION: edge(version),
        TRUST_ANNOTATION: f"anchors-{anchors}-signing-{state.signing}",
    }


def control_plane_annotations(
    *, version: str = LINKERD_CHART, trust: TrustState | None = None
) -> dict[str, str]:
    """Make those of the control plane, which also restarts with a new key of its issuer."""
    state = trust or TrustState()
    return {
        **data_plane_annotations(version=version, trust=state),
        ISSUERS_ANNOTATION: f"issuers-{state.issuers}",
    }
