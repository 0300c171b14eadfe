"""
Reads Linkerd's objects and the ends of logs from an API server.

Secrets are not among the kinds that are read. Objects are read as plain JSON, so that the archive
contains fields that no client knows yet.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from httpx2 import HTTPError

from linkmesh.linkerd.labels import (
    CNI_NAMESPACE,
    CONTROL_PLANE_NAMESPACE,
    EXPORTED,
    FEDERATED,
    LINK_GROUP,
    LINK_VERSION,
    MIRRORED_SERVICE,
    MULTICLUSTER_NAMESPACE,
    POLICY_GROUP,
    POLICY_VERSION,
    ROUTE_API,
    SERVER_VERSION,
    VIZ_NAMESPACE,
)

from .archive import Document, Gap, json_text

NAMESPACES = (CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE, VIZ_NAMESPACE, CNI_NAMESPACE)

# Kinds of which all objects in Linkerd's namespaces are read.
_OF_LINKERD = {
    "deployments": "apis/apps/v1",
    "daemonsets": "apis/apps/v1",
    "pods": "api/v1",
    "services": "api/v1",
    "endpoints": "api/v1",
    "configmaps": "api/v1",
    "events": "api/v1",
    "leases": "apis/coordination.k8s.io/v1",
}

# Kinds of which all objects of the cluster are read.
_ANYWHERE = {
    "nodes": "api/v1/nodes",
    "namespaces": "api/v1/namespaces",
    "links": f"apis/{LINK_GROUP}/{LINK_VERSION}/links",
    "httproutes": f"apis/{ROUTE_API}/httproutes",
    "linkerd-httproutes": f"apis/{POLICY_GROUP}/v1beta3/httproutes",
    "servers": f"apis/{POLICY_GROUP}/{SERVER_VERSION}/servers",
    "authorizationpolicies": f"apis/{POLICY_GROUP}/{POLICY_VERSION}/authorizationpolicies",
    "meshtlsauthentications": f"apis/{POLICY_GROUP}/{POLICY_VERSION}/meshtlsauthentications",
    "networkauthentications": f"apis/{POLICY_GROUP}/{POLICY_VERSION}/networkauthentications",
}

# Kinds of which objects with a label are read.
_LABELLED = {
    f"{role}-{kind}": (f"api/v1/{kind}", label)
    for kind in ("services", "endpoints")
    for role, label in (
        ("mirror", MIRRORED_SERVICE),
        ("exported", EXPORTED),
        ("federated", FEDERATED),
    )
}

# Maximal number of objects of a kind; the manifest says if there are more.
MOST = 1000

# How much is read from the end of each container's log.
LINES, BYTES = 300, 256 * 1024

# Written by the API server or `kubectl`, and not helpful; the second repeats the object.
_NOISE = ("managedFields",)
_NOISY_ANNOTATIONS = ("kubectl.kubernetes.io/last-applied-configuration",)

# Exists in each namespace, and has nothing to do with Linkerd.
_ROOT = "kube-root-ca.crt"


class Http(Protocol):
    """A client of an API server."""

    def get(self, url: str, *, params: Mapping[str, Any] | None = None) -> Any:
        """Request a path."""


class _UnreadableError(Exception):
    """The API server did not return something; the message says why."""


def collect(cluster: str, http: Http) -> tuple[list[Document], list[Gap]]:
    """Read everything from one cluster; what cannot be read is a gap."""
    documents: list[Document] = []
    gaps: list[Gap] = []
    pods: list[Mapping[str, Any]] = []
    for path, url, params in _requests():
        file = f"clusters/{cluster}/{path}"
        try:
            answer_body = _get(http, url, params)
        except _UnreadableError as error:
            gaps.append(Gap(what=file, why=str(error)))
            continue
        documents.append(Document(path=file, text=json_text(_tidied(answer_body))))
        if path.endswith("/pods.json"):
            pods += answer_body.get("items") or []
        if (answer_body.get("metadata") or {}).get("continue"):
            gaps.append(Gap(what=file, why=f"contains only the first {MOST}"))
    documents += _logs(cluster, http, pods)
    return documents, gaps


def _requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List all requests: the file, the path on the API server, its parameters."""
    yield "version.json", "version", {}
    for name, url in _ANYWHERE.items():
        yield f"{name}.json", url, {"limit": MOST}
    for name, (url, label) in _LABELLED.items():
        yield f"{name}.json", url, {"limit": MOST, "labelSelector": label}
    for namespace in NAMESPACES:
        for kind, version in _OF_LINKERD.items():
            url = f"{version}/namespaces/{namespace}/{kind}"
            yield f"{namespace}/{kind}.json", url, {"limit": MOST}


def _get(http: Http, url: str, params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = http.get(f"/{url}", params=params)
    except HTTPError as error:
        raise _UnreadableError(f"the API server does not answer ({type(error).__name__})") from None
    if answer.status_code != 200:
        raise _UnreadableError(_words(answer.status_code))
    read = answer.json()
    return read if isinstance(read, dict) else {}


def _words(code: int) -> str:
    known = {401: "authentication failed", 403: "reading is forbidden", 404: "not found"}
    return known.get(code, f"the API server answers {code}")


def _tidied(answer_body: dict[str, Any]) -> dict[str, Any]:
    """Remove noise from a list, and sort it."""
    if "items" not in answer_body:
        return answer_body
    objects = [_object(each) for each in answer_body["items"] or ()]
    items = [each for each in objects if each["metadata"].get("name") != _ROOT]
    place = [
        (each["metadata"].get("namespace", ""), each["metadata"].get("name", "")) for each in items
    ]
    order = sorted(range(len(items)), key=place.__getitem__)
    return {"kind": answer_body.get("kind"), "items": [items[index] for index in order]}


def _object(read: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in read["metadata"].items() if key not in _NOISE}
    annotations = metadata.get("annotations") or {}
    metadata["annotations"] = {
        key: value for key, value in annotations.items() if key not in _NOISY_ANNOTATIONS
    }
    status = {key: value for key, value in (read.get("status") or {}).items() if key != "images"}
    return {**read, "metadata": metadata, **({"status": status} if "status" in read else {})}


def _logs(cluster: str, http: Http, pods: list[Mapping[str, Any]]) -> Iterator[Document]:
    """Read the end of each container's log; stop after the first time-out."""
    stop_reason = ""
    for pod in pods:
        metadata = pod["metadata"]
        for container in (pod.get("spec") or {}).get("containers") or ():
            place = f"{metadata['namespace']}/logs/{metadata['name']}.{container['name']}.txt"
            url = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/log"
            text = stop_reason
            if not stop_reason:
                text, stop_reason = _log(http, url, container["name"])
            yield Document(path=f"clusters/{cluster}/{place}", text=text)


def _log(http: Http, url: str, container: str) -> tuple[str, str]:
    """Read one log. Returns: it, or why there is none; and the reason to stop, if any."""
    params = {"container": container, "tailLines": LINES, "limitBytes": BYTES}
    try:
        answer = http.get(url, params=params)
    except HTTPError as error:
        why = f"no logs: the API server does not answer ({type(error).__name__})\n"
        return why, why
    if answer.status_code != 200:
        return f"no logs: {_words(answer.status_code)}\n", ""
    return answer.text or "no logs: the container has written none\n", ""
