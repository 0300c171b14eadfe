"""
Validation of a description: every rule, and all problems at once.

Each problem names the thing, the rule, the value and the way out. The rules read a description from
outside: the description does not import them.
"""

from ...arguments import DescriptionError
from ..description import Environment
from ..topology import Topology
from . import (
    access,
    addresses,
    aliases,
    application,
    clusters,
    existing,
    exports,
    linkerd,
    links,
    loops,
    names,
    namespaces,
    routes,
)

__all__ = ["DescriptionError", "problems"]


def problems(environment: Environment) -> list[str]:
    """List every problem of a description, in the order of its fields."""
    topology = Topology(environment)
    return [
        *clusters.empty(environment),
        *clusters.kinds(environment),
        *clusters.names(environment),
        *names.clusters(environment),
        *clusters.sizes(environment),
        *clusters.versions(environment),
        *clusters.logs(environment),
        *addresses.regions(environment),
        *addresses.networks(environment),
        *addresses.services(topology),
        *access.principals(environment),
        *access.addresses(environment),
        *access.api_servers(environment),
        *existing.problems(topology),
        *linkerd.versions(environment),
        *links.ends(environment),
        *links.ways(environment),
        *links.quotas(topology),
        *links.tokens(environment),
        *exports.problems(topology),
        *names.services(environment),
        *routes.problems(topology),
        *aliases.problems(topology),
        *loops.problems(topology),
        *namespaces.problems(topology),
        *application.problems(topology),
    ]
