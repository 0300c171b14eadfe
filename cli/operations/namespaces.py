"""
Protects objects of others in namespaces that `mesh up` or `mesh destroy` would delete.

A stack creates the namespaces of a cluster's exports, mirrors and application. When the last of
these leaves the description, or an existing cluster leaves the environment, the namespace is
deleted, and Kubernetes deletes everything in it. So both commands check first, and stop if there
are objects that the environment did not create. Plain `pulumi up` does not: it shows the namespace
as deleted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from linkmesh import api_server
from linkmesh.environment import Existing, Plan
from linkmesh.environment.parts import APPS, ROUTES, part_of
from linkmesh.linkerd.labels import MIRRORED_SERVICE, REMOTE_CLUSTER_NAME

from ..errors import PreconditionError
from ..runs.project import Project
from .before import Descriptions, descriptions, planned_before
from .removal import Outputs

# Kubernetes creates these itself, in every namespace or from other objects.
_OWN = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
_DERIVED = {"Event", "Endpoints", "EndpointSlice", "PodMetrics"}

_COMPONENT = "linkmesh:index:MeshedNamespace"

Object = tuple[str, str, str]
"""Kind, namespace and name."""


class NamespaceInUseError(PreconditionError):
    """A namespace that would be deleted has objects of others; the message lists them."""


def check(
    project: Project, name: str, plan: Plan, outputs: Outputs, *, destroys: bool
) -> dict[str, list[str]]:
    """
    Check namespaces that would be deleted for objects of others; return them, by cluster.

    Args:
        outputs: outputs of stacks, by part, secrets included; clusters without them are not read.
        destroys: whether the whole environment is destroyed.

    Raises: NamespaceInUseError.
    """
    deleted = removed(plan, descriptions(plan, outputs), destroys=destroys)
    if not deleted:
        return deleted
    ours = _created(project, name, deleted)

    def of(cluster: str) -> list[str]:
        kubeconfig = outputs.get(cluster, {}).get("kubeconfig")
        if not kubeconfig:
            return []
        with api_server.http(kubeconfig, timeout_seconds=api_server.CHANGE_TIMEOUT_SECONDS) as http:
            return [
                in_use_message(project.name, name, cluster, namespace, found)
                for namespace in deleted[cluster]
                if (
                    found := foreign_objects(
                        list_objects(lambda path: http.get(path), namespace), ours
                    )
                )
            ]

    with ThreadPoolExecutor() as pool:
        problems = [line for lines in pool.map(of, deleted) for line in lines]
    if problems:
        raise NamespaceInUseError("\n".join(problems))
    return deleted


def urns(project: str, name: str, deleted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the URNs of namespaces and their components in a project, by cluster."""
    return {
        cluster: [
            urn
            for namespace in namespaces
            for urn in (
                _urn(project, name, cluster, namespace, _COMPONENT),
                _urn(project, name, cluster, namespace),
            )
        ]
        for cluster, namespaces in deleted.items()
    }


def _urn(project: str, name: str, cluster: str, namespace: str, type_: str = "") -> str:
    token = type_ or f"{_COMPONENT}$kubernetes:core/v1:Namespace"
    return f"urn:pulumi:{name}.{cluster}::{project}::{token}::{cluster}-{namespace}"


def removed(plan: Plan, known: Descriptions, *, destroys: bool = False) -> dict[str, list[str]]:
    """
    Return the namespaces that would be deleted from clusters that remain.

    Args:
        known: outputs `description` of the stacks of links, applications, routes, and existing
            clusters: what was deployed says which namespaces others made.
        destroys: whether the whole environment is destroyed; then only existing clusters remain.
    """
    before = planned_before(plan, known)
    found: dict[str, list[str]] = {}
    for name, cluster in plan.clusters.items():
        # Those that others made are never deleted.
        namespaces = {*before.clusters[name].made_namespaces}
        if not destroys:
            namespaces -= {*cluster.namespaces}
        elif not isinstance(cluster.described, Existing):
            continue
        if namespaces:
            found[name] = sorted(namespaces)
    return found


def foreign_objects(found: Iterable[Mapping[str, Any]], ours: set[Object]) -> list[str]:
    """List the objects that the environment did not create, as kind/name."""
    return sorted(
        {
            f"{each['kind']}/{each['metadata']['name']}"
            for each in found
            if not _is_derived(each)
            and (each["kind"], each["metadata"]["namespace"], each["metadata"]["name"]) not in ours
        }
    )


def _is_derived(found: Mapping[str, Any]) -> bool:
    """Return whether an object is derived from others, or exists in every namespace."""
    kind, metadata = found["kind"], found["metadata"]
    labels = metadata.get("labels") or {}
    return (
        kind in _DERIVED
        or (kind, metadata["name"]) in _OWN
        or bool(metadata.get("ownerReferences"))
        or bool({MIRRORED_SERVICE, REMOTE_CLUSTER_NAME} & set(labels))
    )


def created(resources: Iterable[Mapping[str, Any]]) -> set[Object]:
    """List the objects that stacks created and not only patched, from their states."""
    found: set[Object] = set()
    for resource in resources:
        outputs = resource.get("outputs") or {}
        metadata, kind = outputs.get("metadata"), outputs.get("kind")
        token = str(resource.get("type", ""))
        is_created = token.startswith("kubernetes:") and not token.endswith("Patch")
        if is_created and isinstance(metadata, dict) and isinstance(kind, str):
            found.add((kind, metadata.get("namespace", ""), metadata.get("name", "")))
    return found


def list_objects(get: Any, namespace: str) -> Iterator[dict[str, Any]]:
    """
    List everything in a namespace, of every kind that the API server knows.

    Args:
        get: requests a path from the API server.
    """
    for group in _groups(get):
        for kind in _read(get, group).get("resources", ()):
            if not kind.get("namespaced") or "list" not in kind.get("verbs", ()):
                continue
            listed = _read(get, f"{group}/namespaces/{namespace}/{kind['name']}")
            for item in listed.get("items") or ():
                # Items of a list have no kind.
                yield {**item, "kind": kind["kind"]}


def _groups(get: Any) -> list[str]:
    groups = _read(get, "/apis").get("groups", ())
    return ["/api/v1", *(f"/apis/{each['preferredVersion']['groupVersion']}" for each in groups)]


def _read(get: Any, path: str) -> dict[str, Any]:
    """Read a path; empty if an extension's API server is unavailable, or the kind is unknown."""
    answer = get(path)
    if answer.status_code in (404, 405, 503):
        return {}
    answer.raise_for_status()
    return dict(answer.json())


def in_use_message(
    project: str, name: str, cluster: str, namespace: str, found: Sequence[str]
) -> str:
    """Return which namespace would be deleted with which objects, and the remedies."""
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    urn = _urn(project, name, cluster, namespace)
    return (
        f"namespace {namespace!r} of cluster {cluster!r} must not contain objects of others when "
        f"it is deleted (got {shown}). The description no longer needs it, and Kubernetes deletes "
        "everything in it. Use: delete or move these objects first, describe an export in it "
        "again, or take over the namespace: "
        f"pulumi state delete --stack {name}.{cluster} '{urn}'"
    )


def _created(project: Project, name: str, clusters: Iterable[str]) -> set[Object]:
    """List the objects that stacks of applications and routes created on clusters."""
    parts = [part_of(kind, cluster) for cluster in clusters for kind in (APPS, ROUTES)]
    opened = project.stacks(name, parts, create=False)
    resources = [
        resource
        for stack in opened.values()
        for resource in (stack.export_stack().deployment or {}).get("resources", ())
    ]
    return created(resources)
