"""The components of the package; each is loaded at its first use, with what it needs."""

from importlib import import_module

from .crossing import Crossing

# The module of each, and its place in it.
_MODULES = {
    "Mesh": "mesh",
    "Network": "eks",
    "EksCluster": "eks",
    "TrustAnchor": "linkerd",
    "IdentityIssuer": "linkerd",
    "LinkerdControlPlane": "linkerd",
    "LinkerdMulticluster": "linkerd",
    "LinkerdViz": "linkerd",
    "MeshedNamespace": "linkerd",
    "LinkAccess": "links",
    "Link": "links",
    "ExportedService": "links",
}

NAMES = tuple(_MODULES)

# Classes that only outputs consist of.
OUTPUTS_ONLY = frozenset({"MeshExport", "LinkAccessGrant"})


def crossing(name: str) -> Crossing:
    """
    Return how a component crosses.

    Raises: KeyError if there is none of that name.
    """
    module = import_module(f".{_MODULES[name]}", __package__)
    crossings: dict[str, Crossing] = module.CROSSINGS
    return crossings[name]
