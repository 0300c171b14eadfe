"""
What a killed run was creating, as a stack's state notes it, and how the next run gets hold of it.

Pulumi notes a resource before it creates it, and completes the note afterwards. If a run is killed
in between, it is unknown whether the resource exists, and the next `up` creates it again. Helm and
kind refuse that. Kubernetes accepts it, but remembers that the first run set the fields, and
refuses later changes of them ("conflict with"); and what is no longer described would stay. So the
notes become resources of the state, `pulumi refresh` finds out which of them exist, and what is
unfinished is removed.

A state is that of `pulumi stack export`, in which secrets stay encrypted.
Source: pulumi, sdk/go/common/apitype/core.go, OperationV2 and ResourceV3
"""

from collections.abc import Iterator, Mapping
from typing import Any

State = Mapping[str, Any]
Resource = Mapping[str, Any]

RELEASE = "kubernetes:helm.sh/v3:Release"
KIND_CLUSTER = "kind:index/cluster:Cluster"

_KUBERNETES = "kubernetes:"
_AWS = "aws:"

# Makes a change of an object that something else has made. Whether it was made cannot be read.
_PATCH = "Patch"

# Pulumi's name of the field manager that it has used, in the state of an object, and how the names
# of its managers begin. Source: pulumi-kubernetes, provider/pkg/provider/provider.go
FIELD_MANAGER = "__fieldManager"
_MANAGERS = "pulumi-kubernetes-"


def pending(state: State) -> list[Resource]:
    """List the resources that were being created."""
    operations = (state.get("deployment") or {}).get("pending_operations") or ()
    return [each["resource"] for each in operations if each["type"] == "creating"]


def with_pending(state: State) -> dict[str, Any]:
    """Let a state have what was being created, as resources, if their ids are known."""
    found = [{**each, "id": id, "outputs": each["inputs"]} for each, id in _identified(state)]
    deployment = state["deployment"]
    resources = [*(deployment.get("resources") or ()), *found]
    return {
        **state,
        "deployment": {**deployment, "resources": resources, "pending_operations": []},
    }


def _identified(state: State) -> Iterator[tuple[Resource, str]]:
    known = {each["urn"] for each in state["deployment"].get("resources") or ()}
    for each in pending(state):
        id = _id(str(each["type"]), each.get("inputs") or {})
        # One that is known was being replaced: the state has the one before it.
        if id and each["urn"] not in known:
            yield each, id


def _id(type: str, inputs: Mapping[str, Any]) -> str:
    """Return the id that a resource gets; empty if it is not known before."""
    if type == KIND_CLUSTER:
        return f"{inputs['name']}-{inputs.get('nodeImage', '')}"
    if type == RELEASE:
        return f"{inputs['namespace']}/{inputs['name']}"
    if not type.startswith(_KUBERNETES) or type.endswith(_PATCH):
        return ""
    metadata = inputs.get("metadata") or {}
    parts = metadata.get("namespace"), metadata.get("name")
    return "/".join(part for part in parts if part) if metadata.get("name") else ""


def on_aws(state: State) -> list[Resource]:
    """List what was being created on AWS, which chooses most ids itself."""
    return [each for each in pending(state) if str(each["type"]).startswith(_AWS)]


def readable(state: State, urns: set[str]) -> list[str]:
    """List those of resources that can be read: not a kind cluster that was made in part."""
    return [each["urn"] for each in _those(state, urns) if each["type"] != KIND_CLUSTER]


def with_field_managers(state: State, urns: set[str]) -> dict[str, Any]:
    """Let a state have who has set the fields of objects."""
    deployment = state["deployment"]
    resources = [
        _with_field_manager(each) if each["urn"] in urns else each
        for each in deployment.get("resources") or ()
    ]
    return {**state, "deployment": {**deployment, "resources": resources}}


def _with_field_manager(resource: Resource) -> Resource:
    outputs = resource.get("outputs") or {}
    metadata = outputs.get("metadata")
    fields = metadata.get("managedFields") if isinstance(metadata, Mapping) else None
    managers = [str(each.get("manager", "")) for each in fields or ()]
    for manager in managers:
        if manager.startswith(_MANAGERS):
            return {**resource, "outputs": {**outputs, FIELD_MANAGER: manager}}
    return resource


def unfinished(state: State, urns: set[str]) -> list[str]:
    """List those of resources that must be removed, since they may have been made in part."""
    return [each["urn"] for each in _those(state, urns) if _is_unfinished(each)]


def _those(state: State, urns: set[str]) -> list[Resource]:
    resources = (state.get("deployment") or {}).get("resources") or ()
    return [each for each in resources if each["urn"] in urns]


def _is_unfinished(resource: Resource) -> bool:
    outputs = resource.get("outputs") or {}
    if resource["type"] == RELEASE:
        status = outputs.get("status") or {}
        return not isinstance(status, Mapping) or status.get("status") != "deployed"
    # A whole one has it, as a secret or not.
    return resource["type"] == KIND_CLUSTER and not outputs.get("kubeconfig")
