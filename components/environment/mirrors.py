"""The mirror services of an environment, from its description alone; pure."""

from .description import Environment


def mirrors(environment: Environment) -> list[dict[str, str]]:
    """List every mirror service of an environment: on which cluster, where, and its name."""
    # A federated service is exported by several clusters, and is one on each caller.
    found = dict.fromkeys(
        (caller, export.namespace, export.mirror)
        for export in environment.exports
        for caller in environment.callers_of(export)
    )
    return [
        {"cluster": cluster, "namespace": namespace, "service": service}
        for cluster, namespace, service in found
    ]
