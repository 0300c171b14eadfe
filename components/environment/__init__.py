"""
An environment: the clusters that share one trust anchor, as a user describes them.

`Environment` and its parts are what a user writes.
"""

from ..access_entry import AccessEntry, Role
from ..linkerd.identity.cert_manager import CertManager
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.installation.profiles import Profile
from ..linkerd.mode import Mode
from ..linkerd.proxies.injection import Injection, Unmeshed
from ..linkerd.proxies.proxy import Proxy, ProxyResources, Tracing
from ..linkerd.traffic.protocol import Protocol
from ..node_group import Ami
from ..subnets import Nat
from .aliases import Alias
from .clusters import Eks, Existing, Kind, Member
from .description import Environment
from .exports import Export
from .linkerd import Linkerd
from .links import LinkSpec, chain, hub, mesh
from .routes import Route
from .validation import DescriptionError
from .yelb import Yelb

__all__ = [
    "AccessEntry",
    "Alias",
    "Ami",
    "CertManager",
    "DescriptionError",
    "Eks",
    "Environment",
    "Existing",
    "Export",
    "Injection",
    "Kind",
    "LinkSpec",
    "Linkerd",
    "Member",
    "Mode",
    "Nat",
    "Profile",
    "Protocol",
    "Proxy",
    "ProxyResources",
    "Role",
    "Route",
    "Tracing",
    "TrustState",
    "Unmeshed",
    "Yelb",
    "chain",
    "hub",
    "mesh",
]
