"""When the certificates of a `Mesh` expire."""

from collections.abc import Mapping

import pulumi

from ..cluster import Cluster
from ..environment import Eks, Plan
from .cluster import ComposedCluster
from .trust import Trust


def expiries_of(
    plan: Plan, trust: Trust, made: Mapping[str, ComposedCluster]
) -> dict[str, pulumi.Output[str]]:
    """Return the expiry of each certificate (RFC 3339), by a name made of cluster and purpose."""
    found = {**trust.anchor_expiries}
    found |= {f"{name}-issuer": issuer.expiry for name, issuer in trust.issuers.items()}
    for name, one in made.items():
        webhooks = one.linkerd.webhook_expiries
        authority = one.linkerd.webhook_authority_expiry
        found |= {f"{name}-webhook-{webhook}": end for webhook, end in webhooks.items()}
        if authority is not None:
            found[f"{name}-webhook-authority"] = authority
        if isinstance(plan.clusters[name].described, Eks):
            found[f"{name}-api-server"] = _authority_expiry(one.cluster)
    return found


def _authority_expiry(cluster: Cluster) -> pulumi.Output[str]:
    from ..eks_cluster import EksCluster

    assert isinstance(cluster, EksCluster)
    return cluster.certificate_authority_expiry
