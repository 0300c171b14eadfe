"""
The budgets: what each thing may take at most, as a median on two quiet processors; pure.

They are nowhere else in code, and docs/scale.md repeats them beside the figures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a command may take; None: as much as it likes."""

    seconds: float | None = None
    """Wall time."""

    mib: float | None = None
    """Memory of all its processes together."""

    def verdict(self, *, seconds: float = 0.0, mib: float = 0.0) -> str:
        """Say of each part whether it is met."""
        parts = ((seconds, self.seconds, "s"), (mib, self.mib, "MiB"))
        return ", ".join(
            f"budget {most:g} {unit}: {met(taken, most)}"
            for taken, most, unit in parts
            if most is not None
        )


def met(taken: float, most: float) -> str:
    """Say whether a figure is within its budget."""
    return "met" if taken <= most else "MISSED"


PLAN = Budget(seconds=0.7)
"""`mesh plan` of 100 clusters, and of 380 links."""

PLAN_OF_HUBS = Budget(seconds=15, mib=1024)
"""`mesh plan` of 1,000 clusters in hubs."""

PREVIEW_OF_MESH = Budget(seconds=45, mib=1536)
"""`mesh preview` of 20 clusters with 380 links that were never deployed."""

PREVIEW_OF_CLUSTER = Budget(seconds=2.5)
"""`pulumi preview` of one cluster."""

PREVIEW = Budget(seconds=6)
"""`mesh preview demo`."""

UP = Budget(seconds=60)
"""`mesh up demo` from nothing."""

UP_AGAIN = Budget(seconds=8)
"""`mesh up demo` without changes."""

STATUS = Budget(seconds=1.5)
"""`mesh status demo`."""

CLUSTERS = Budget(mib=3072)
"""The clusters of `demo` while they run."""

FURTHER_LINK_CPU_MS = 50.0
"""Processor time of each further link in a preview of a source's links."""

UP_TO_BASELINE = 2.0
"""`mesh up` on existing clusters, as a multiple of what kubectl and helm take."""

EXPORT_TO_BASELINE = 5.0
"""One export more, as a multiple of what `kubectl label` takes."""
