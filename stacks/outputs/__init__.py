"""
The contracts between stacks: the only exports, and the only stack references.

Each is a frozen dataclass with `export` and `from_stack`. A contract has a version; secret and
plain halves are separate outputs, because Pulumi marks a whole output as secret if any part of it
is. What a predecessor has not exported yet is unknown in a preview, so that a whole new environment
can be previewed, and is an error in an `up` that names the command to run first.
"""

from .clusters import ClusterContract, EksContract, NetworkContract
from .links import AccessContract, AppsContract, DescriptionContract, LinkContract
from .reading import VERSION, Stacks, Values, checked
from .trust import ExpiriesContract, IssuerContract, TrustContract, WebhooksContract

__all__ = [
    "VERSION",
    "AccessContract",
    "AppsContract",
    "ClusterContract",
    "DescriptionContract",
    "EksContract",
    "ExpiriesContract",
    "IssuerContract",
    "LinkContract",
    "NetworkContract",
    "Stacks",
    "TrustContract",
    "Values",
    "WebhooksContract",
    "checked",
]
