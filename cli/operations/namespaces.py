"""
Namespaces that would go with `mesh up` or `mesh destroy`, and what others have put into them.

A stack makes the namespaces of a cluster's exports, mirrors and application. When the last of these
leaves the description, or the environment a cluster that stays, the namespace goes, and Kubernetes
deletes everything in it, whosever it is. So both commands look first, and refuse as long as
something of others is there. Plain `pulumi up` does not: it shows the namespace as deleted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from components import api_server
from components.linkerd.labels import MIRRORED_SERVICE, REMOTE_CLUSTER_NAME
from stacks import record
from stacks.environment import Environment, Existing

from ..errors import RefusedError
from ..runs.run import Project

# Kubernetes makes these itself, in every namespace or of other objects.
_OWN = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
_DERIVED = {"Event", "Endpoints", "EndpointSlice", "PodMetrics"}

_COMPONENT = "linkmesh:index:MeshedNamespace"

Object = tuple[str, str, str]
"""Kind, namespace and name."""


class NamespaceInUseError(RefusedError):
    """A namespace would go with what others have in it; says what that is."""


def refuse(
    project: Project, name: str, environment: Environment, *, destroys: bool
) -> dict[str, list[str]]:
    """
    Refuse to take namespaces away that hold something of others; return those that go, by cluster.

    Args:
        destroys: whether all of the environment goes.

    Raises: NamespaceInUseError.
    """
    shares = {part: _share(project, f"{name}.{part}") for part in ("apps", "links")}
    gone = going(environment, shares, destroys=destroys)
    if not gone:
        return gone
    ours = _made(project, name)

    def of(cluster: str) -> list[str]:
        kubeconfig = project.outputs(f"{name}.{cluster}").get("kubeconfig")
        if not kubeconfig:
            return []
        with api_server.http(kubeconfig, timeout_seconds=api_server.CHANGE_TIMEOUT_SECONDS) as http:
            return [
                refusal(name, cluster, namespace, found)
                for namespace in gone[cluster]
                if (found := foreign(objects(lambda path: http.get(path), namespace), ours))
            ]

    with ThreadPoolExecutor() as pool:
        refused = [line for lines in pool.map(of, gone) for line in lines]
    if refused:
        raise NamespaceInUseError("\n".join(refused))
    return gone


def urns(name: str, gone: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Name what namespaces consist of, by cluster; pure."""
    return {
        cluster: [
            urn
            for namespace in namespaces
            for urn in (_urn(name, cluster, namespace, _COMPONENT), _urn(name, cluster, namespace))
        ]
        for cluster, namespaces in gone.items()
    }


def _urn(name: str, cluster: str, namespace: str, type_: str = "") -> str:
    token = type_ or f"{_COMPONENT}$kubernetes:core/v1:Namespace"
    return f"urn:pulumi:{name}.{cluster}::linkmesh::{token}::{cluster}-{namespace}"


def going(
    environment: Environment, shares: Mapping[str, Any], *, destroys: bool = False
) -> dict[str, list[str]]:
    """
    Name the namespaces that go from clusters that stay; pure.

    Args:
        shares: what the stacks of links and applications say they were deployed from.
        destroys: whether all of the environment goes; then only clusters that were there before it
            stay.
    """
    clusters = {each: record.share(environment, each) for each in environment.names}
    before = record.deployed({**shares, **clusters}).environment
    left: dict[str, list[str]] = {}
    for cluster in environment.clusters:
        namespaces = {*before.namespaces_of(cluster.name)}
        if not destroys:
            namespaces -= {*environment.namespaces_of(cluster.name)}
        elif not isinstance(cluster, Existing):
            continue
        if namespaces:
            left[cluster.name] = sorted(namespaces)
    return left


def foreign(found: Iterable[Mapping[str, Any]], ours: set[Object]) -> list[str]:
    """List the objects that somebody else has made, as kind/name; pure."""
    return sorted(
        {
            f"{each['kind']}/{each['metadata']['name']}"
            for each in found
            if not _is_derived(each)
            and (each["kind"], each["metadata"]["namespace"], each["metadata"]["name"]) not in ours
        }
    )


def _is_derived(found: Mapping[str, Any]) -> bool:
    """Tell whether an object follows from others, or comes with every namespace."""
    kind, metadata = found["kind"], found["metadata"]
    labels = metadata.get("labels") or {}
    return (
        kind in _DERIVED
        or (kind, metadata["name"]) in _OWN
        or bool(metadata.get("ownerReferences"))
        or bool({MIRRORED_SERVICE, REMOTE_CLUSTER_NAME} & set(labels))
    )


def made(resources: Iterable[Mapping[str, Any]]) -> set[Object]:
    """List the objects that stacks have made and not only patched, from their states; pure."""
    found: set[Object] = set()
    for resource in resources:
        outputs = resource.get("outputs") or {}
        metadata, kind = outputs.get("metadata"), outputs.get("kind")
        token = str(resource.get("type", ""))
        is_made = token.startswith("kubernetes:") and not token.endswith("Patch")
        if is_made and isinstance(metadata, dict) and isinstance(kind, str):
            found.add((kind, metadata.get("namespace", ""), metadata.get("name", "")))
    return found


def objects(get: Any, namespace: str) -> Iterator[dict[str, Any]]:
    """
    List everything in a namespace, of every kind that the API server knows.

    Args:
        get: asks the API server for a path.
    """
    for group in _groups(get):
        for kind in _read(get, group).get("resources", ()):
            if not kind.get("namespaced") or "list" not in kind.get("verbs", ()):
                continue
            listed = _read(get, f"{group}/namespaces/{namespace}/{kind['name']}")
            for item in listed.get("items") or ():
                # An API server leaves the kind out in a list.
                yield {**item, "kind": kind["kind"]}


def _groups(get: Any) -> list[str]:
    groups = _read(get, "/apis").get("groups", ())
    return ["/api/v1", *(f"/apis/{each['preferredVersion']['groupVersion']}" for each in groups)]


def _read(get: Any, path: str) -> dict[str, Any]:
    """Read a path; nothing where an extension's API server is away, or knows the kind no more."""
    answer = get(path)
    if answer.status_code in (404, 405, 503):
        return {}
    answer.raise_for_status()
    return dict(answer.json())


def refusal(name: str, cluster: str, namespace: str, found: Sequence[str]) -> str:
    """Say which namespace would go with what, and the ways out; pure."""
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    urn = _urn(name, cluster, namespace)
    return (
        f"namespace {namespace!r} of cluster {cluster!r} must hold nothing of others when it goes "
        f"(got {shown}). Nothing describes it any more, and Kubernetes deletes all that is in it. "
        "Use: take these away first, describe an export of it again, or keep the namespace as "
        f"yours: pulumi state delete --stack {name}.{cluster} '{urn}'"
    )


def _share(project: Project, stack: str) -> Any:
    return project.outputs(stack).get("description")


def _made(project: Project, name: str) -> set[Object]:
    """List what the environment's applications consist of."""
    opened = project.stacks(name, ["apps"], create=False)
    resources = [
        resource
        for stack in opened.values()
        for resource in (stack.export_stack().deployment or {}).get("resources", ())
    ]
    return made(resources)
