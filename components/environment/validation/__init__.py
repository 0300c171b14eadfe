"""
What is wrong with a description of an environment: every rule, all problems at once; pure.

Each problem names the thing, the rule, the value and the way out.
"""

from ..description import Environment
from . import (
    addresses,
    aliases,
    application,
    clusters,
    exports,
    linkerd,
    links,
    names,
    namespaces,
    access,
    routes,
)


class DescriptionError(ValueError):
    """The description of an environment has problems; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def problems(environment: Environment) -> list[str]:
    """Find every problem of a description, in the order of its fields."""
    return [
        *clusters.empty(environment),
        *clusters.names(environment),
        *names.clusters(environment),
        *clusters.sizes(environment),
        *clusters.versions(environment),
        *clusters.logs(environment),
        *addresses.regions(environment),
        *addresses.networks(environment),
        *access.problems(environment),
        *linkerd.problems(environment),
        *links.problems(environment),
        *links.ways(environment),
        *links.quotas(environment),
        *links.tokens(environment),
        *exports.problems(environment),
        *names.services(environment),
        *routes.problems(environment),
        *aliases.problems(environment),
        *namespaces.problems(environment),
        *application.problems(environment),
    ]
