"""
Removes what was on a cluster from the state of a stack, and nothing else.

A stack's state is that of `pulumi stack export`, in which secrets stay encrypted.
Source: pulumi, sdk/go/common/apitype/core.go, DeploymentV3 and ResourceV3
"""

from collections.abc import Callable, Mapping
from typing import Any

from linkmesh.cluster import cluster_identifier
from linkmesh.linkerd.labels import CONTROL_PLANE_NAMESPACE
from linkmesh.linkerd.links.mirror_cleanup import MIRROR_CLEANUP_TYPE

_PROVIDER = "pulumi:providers:kubernetes"
_KUBERNETES = "kubernetes:"
_KIND = "kind:"
_NAMESPACE = "kubernetes:core/v1:Namespace"
_STACK = "pulumi:pulumi:Stack"

# Outputs of a cluster's stack by which others reach the cluster.
_OUTPUTS = ("cluster", "kubeconfig")

Resource = Mapping[str, Any]


def without(
    state: Mapping[str, Any], cluster: str, *, is_its_own: bool
) -> tuple[dict[str, Any], list[str]]:
    """
    Leave out what was on a cluster.

    Args:
        state: the output of `pulumi stack export`.
        is_its_own: whether it is the cluster's own stack. Then a kind cluster is left out too, and
            the outputs by which others reach the cluster, of any kind.

    Returns: the state without it, and the URNs of what is left out.
    """
    deployment = state.get("deployment") or {}
    resources = deployment.get("resources") or []
    was_on_it = _was_on(cluster, resources)
    gone: list[Resource] = []
    stays: list[Resource] = []
    for each in resources:
        leaves = was_on_it(each) or (is_its_own and str(each["type"]).startswith(_KIND))
        (gone if leaves else stays).append(each)
    known = {each["urn"] for each in stays}
    parents = {each["urn"]: each.get("parent") for each in resources}
    pending = [
        each
        for each in deployment.get("pending_operations") or []
        if each["resource"]["urn"] in known
    ]
    remaining = {
        **deployment,
        "resources": [
            _only_known(_without_outputs(each) if is_its_own else each, known, parents)
            for each in stays
        ],
        "pending_operations": pending,
    }
    return {**state, "deployment": remaining}, [each["urn"] for each in gone]


def has_control_plane(state: Mapping[str, Any]) -> bool:
    """Return whether a stack has the namespace of Linkerd, and a killed run was not removing it."""
    deployment = state.get("deployment") or {}
    leaving = {
        each["resource"]["urn"]
        for each in deployment.get("pending_operations") or []
        if each["type"] == "deleting"
    }
    return any(
        each["type"] == _NAMESPACE
        and each.get("id") == CONTROL_PLANE_NAMESPACE
        and each["urn"] not in leaving
        for each in deployment.get("resources") or []
    )


def _was_on(cluster: str, resources: list[Resource]) -> Callable[[Resource], bool]:
    """Return the test for what was on a cluster: objects of its provider, cleanups of its links."""
    identifier = cluster_identifier(cluster)
    providers = {
        f"{each['urn']}::{each['id']}"
        for each in resources
        if each["type"] == _PROVIDER
        and (each.get("inputs") or {}).get("clusterIdentifier") == identifier
    }
    links = {
        each.get("parent")
        for each in resources
        if str(each["type"]).startswith(_KUBERNETES) and each.get("provider") in providers
    }

    def was_on_it(resource: Resource) -> bool:
        if resource["type"] == MIRROR_CLEANUP_TYPE:
            return resource.get("parent") in links
        return resource.get("provider") in providers

    return was_on_it


def _without_outputs(resource: Resource) -> Resource:
    """Remove the outputs by which others reach the cluster."""
    if resource["type"] != _STACK:
        return resource
    outputs = resource.get("outputs") or {}
    return {
        **resource,
        "outputs": {key: value for key, value in outputs.items() if key not in _OUTPUTS},
    }


def _only_known(
    resource: Resource, known: set[str], parents: Mapping[str, str | None]
) -> dict[str, Any]:
    """Remove references to resources that are left out, which the engine does not accept."""
    changed = dict(resource)
    parent = resource.get("parent")
    while parent and parent not in known:
        parent = parents.get(parent)
    if parent:
        changed["parent"] = parent
    if resource.get("dependencies"):
        changed["dependencies"] = [each for each in resource["dependencies"] if each in known]
    if resource.get("propertyDependencies"):
        changed["propertyDependencies"] = {
            key: [each for each in urns or [] if each in known]
            for key, urns in resource["propertyDependencies"].items()
        }
    if resource.get("deletedWith") not in known:
        changed.pop("deletedWith", None)
    return changed
