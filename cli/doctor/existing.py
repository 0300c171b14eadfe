"""Looks at existing clusters: what on them collides with an environment."""

from collections.abc import Iterator
from pathlib import Path

from linkmesh.environment import Plan

from .evaluate import Finding, State


def existing_findings(name: str, plan: Plan, folder: Path) -> Iterator[Finding]:
    """
    Find what collides on the existing clusters of an environment.

    Those whose kubeconfig cannot be read have a finding of their own. One that does not answer is
    no fault of this machine.
    """
    if not plan.existing:
        return
    # Imported here because it loads the Kubernetes SDK, which takes a second.
    from ..collisions.check import look
    from ..collisions.evaluate import collisions

    for cluster, found in look(name, plan, folder).items():
        subject = f"cluster {cluster}"
        if found.error:
            yield Finding(
                subject=subject,
                state=State.UNKNOWN,
                observed=f"does not answer from here ({found.error})",
                remedy=f"connect to its network, then: mesh doctor {name}",
                is_required=False,
            )
            continue
        colliding = collisions(plan, cluster, found)
        if not colliding:
            yield Finding(subject=subject, state=State.OK, observed="nothing on it collides")
        for each in colliding:
            yield Finding(
                subject=subject, state=State.COLLIDES, observed=each.text, remedy=each.use
            )
