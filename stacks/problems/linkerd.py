"""Linkerd: its version on each cluster, and where its images come from."""

from collections.abc import Iterator

from components.linkerd.installation.images import registry_problems
from components.support import linkerd_release, skew_problems
from components.versions import LINKERD_CHART

from ..environment import Environment


def problems(environment: Environment) -> Iterator[str]:
    """Versions must be known, belong to a cluster, and be near those of linked clusters."""
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
                f"version of Linkerd must be that of a chart from 2025.4.4 on (got {version!r}). "
                f"Earlier ones have no mirror controllers to configure. Use: {LINKERD_CHART}"
            )
    known = set(environment.names)
    for link in environment.links:
        if set(link) <= known:
            yield from skew_problems({name: linkerd.version_on(name) for name in link})
