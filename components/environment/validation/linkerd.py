"""Rules of Linkerd: its version on each cluster, and the registry of its images."""

from collections.abc import Iterator

from ...linkerd.installation.images import registry_problems
from ...support import linkerd_release, skew_problems
from ...versions import LINKERD_CHART, LINKERD_RELEASES
from ..description import Environment


def versions(environment: Environment) -> Iterator[str]:
    """Find unknown versions, versions of no cluster, and linked clusters too far apart."""
    linkerd = environment.linkerd
    yield from registry_problems(linkerd.registry)
    for name in sorted(set(linkerd.versions) - set(environment.names)):
        yield (
            f"versions of Linkerd must be of clusters of the environment (got {name!r}). Known: "
            f"{', '.join(sorted(environment.names))}."
        )
    for version in sorted({linkerd.version, *linkerd.versions.values()}):
        if linkerd_release(version) is None:
            yield (
                f"version of Linkerd must be that of a chart, of year, month and number, from "
                f"{LINKERD_RELEASES[0].first_chart} on (got {version!r}). Earlier ones have no "
                f"mirror controllers to configure. Use: {LINKERD_CHART}"
            )
    known = set(environment.names)
    for link in environment.links:
        linked = {name: linkerd.version_on(name) for name in link if name in known}
        if len({*linked.values()}) > 1:
            yield from skew_problems(linked)
