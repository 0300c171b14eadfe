"""
Limits of AWS, Kubernetes and Linkerd that grow with an environment, and how much it uses of each.

One home for each number: the validation refuses what exceeds one that nothing raises, `mesh plan`
warns before, and docs/scale.md shows which of them ends which topology.
"""

from .aws import AWS, ENDPOINT_BLOCKS, PEERINGS
from .limit import Limit, Owner, Use
from .mesh import MESH

LIMITS: tuple[Limit, ...] = (*AWS, *MESH)
"""All limits, in the order in which they are shown."""

__all__ = ["ENDPOINT_BLOCKS", "LIMITS", "PEERINGS", "Limit", "Owner", "Use"]
