"""
What happens to resources of a cluster that cannot be called: as the provider's flags say, and else
an error.

Source: pulumi-kubernetes provider/pkg/provider/provider.go Read, Delete
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugins.framework import Properties, Refused, State

if TYPE_CHECKING:
    from sandbox.plugins.kubernetes.provider import KubernetesProvider

WAY_OUT = (
    "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the "
    "operation with the "
    'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"'
)


def read(
    provider: KubernetesProvider, id: str, inputs: Properties, outputs: Properties
) -> tuple[State, Properties] | None:
    """Read nothing: gone, as before, or an error."""
    if provider.settings.delete_unreachable:
        return None
    if provider.settings.skip_update_unreachable:
        return State(id, outputs), inputs
    raise Refused(
        f"failed to read resource state due to unreachable cluster. {WAY_OUT} "
        f"({provider.unreachable})"
    )


def delete(provider: KubernetesProvider) -> None:
    """Delete nothing: forgotten, or an error."""
    if not provider.settings.delete_unreachable:
        raise Refused(
            f"configured Kubernetes cluster is unreachable. {WAY_OUT} ({provider.unreachable})"
        )
