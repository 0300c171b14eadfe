"""The mirror services of an environment, from its description alone; pure."""

from .environment import Environment


def mirrors(environment: Environment) -> list[dict[str, str]]:
    """List every mirror service of an environment: on which cluster, where, and its name."""
    return [
        {
            "cluster": caller,
            "namespace": export.namespace,
            "service": export.mirror,
        }
        for export in environment.exports
        for caller in environment.callers_of(export)
    ]
