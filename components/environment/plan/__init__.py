"""
The plan of an environment: everything that follows from its description, resolved once.

All that deploys an environment, shows it, or compares it with what is deployed reads the plan: for
each cluster, link, export, route, alias and tier, what it is and by which names it is known.
"""

from .applications import AliasPlan, RoutePlan, TierPlan
from .clusters import ClusterPlan, GatewayPlan, NodePortsPlan
from .exports import ExportPlan, Mirror
from .links import LinkPlan
from .plan import Plan
from .shares import share

__all__ = [
    "AliasPlan",
    "ClusterPlan",
    "ExportPlan",
    "GatewayPlan",
    "LinkPlan",
    "Mirror",
    "NodePortsPlan",
    "Plan",
    "RoutePlan",
    "TierPlan",
    "share",
]
