"""
What an API server tells of Linkerd: objects as they are read, and ends of logs.

Secrets are not among the kinds that are asked for. Objects are read as plain JSON, so that a field
that no client knows yet is in the archive too.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from httpx2 import HTTPError

from components.linkerd.labels import (
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

from .archive import Document, Gap

NAMESPACES = (CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE, VIZ_NAMESPACE, CNI_NAMESPACE)

# Of these all objects in Linkerd's namespaces.
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

# Of these all objects of the cluster.
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

# Of these those with a label.
_LABELLED = {
    f"{role}-{kind}": (f"api/v1/{kind}", label)
    for kind in ("services", "endpoints")
    for role, label in (
        ("mirror", MIRRORED_SERVICE),
        ("exported", EXPORTED),
        ("federated", FEDERATED),
    )
}

# More objects of one kind than this are left out, and told to be.
MOST = 1000

# How much of the end of each container's log.
LINES, BYTES = 300, 256 * 1024

# Kept by the API server or `kubectl`, and of no help; the second repeats what is in the object.
_NOISE = ("managedFields",)
_NOISY_ANNOTATIONS = ("kubectl.kubernetes.io/last-applied-configuration",)

# In each namespace; it tells nothing of Linkerd.
_ROOT = "kube-root-ca.crt"


class Http(Protocol):
    """What is needed of a client of an API server."""

    def get(self, url: str, *, params: Mapping[str, Any] | None = None) -> Any:
        """Ask for a path."""


class _RefusedError(Exception):
    """The API server did not give something; says why."""


def collect(cluster: str, http: Http) -> tuple[list[Document], list[Gap]]:
    """Read everything of one cluster; what cannot be read is a gap."""
    documents: list[Document] = []
    gaps: list[Gap] = []
    pods: list[Mapping[str, Any]] = []
    for path, url, params in _questions():
        file = f"clusters/{cluster}/{path}"
        try:
            told = _asked(http, url, params)
        except _RefusedError as refused:
            gaps.append(Gap(what=file, why=str(refused)))
            continue
        documents.append(Document(path=file, text=_json(_tidied(told))))
        if path.endswith("/pods.json"):
            pods += told.get("items") or []
        if (told.get("metadata") or {}).get("continue"):
            gaps.append(Gap(what=file, why=f"only the first {MOST} are in it"))
    documents += _logs(cluster, http, pods)
    return documents, gaps


def _questions() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List what is asked: the file, the path at the API server, its parameters."""
    yield "version.json", "version", {}
    for name, url in _ANYWHERE.items():
        yield f"{name}.json", url, {"limit": MOST}
    for name, (url, label) in _LABELLED.items():
        yield f"{name}.json", url, {"limit": MOST, "labelSelector": label}
    for namespace in NAMESPACES:
        for kind, version in _OF_LINKERD.items():
            url = f"{version}/namespaces/{namespace}/{kind}"
            yield f"{namespace}/{kind}.json", url, {"limit": MOST}


def _asked(http: Http, url: str, params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = http.get(f"/{url}", params=params)
    except HTTPError as error:
        raise _RefusedError(f"the API server does not answer ({type(error).__name__})") from None
    if answer.status_code != 200:
        raise _RefusedError(_words(answer.status_code))
    read = answer.json()
    return read if isinstance(read, dict) else {}


def _words(code: int) -> str:
    known = {401: "login is refused", 403: "may not be read", 404: "the cluster does not know it"}
    return known.get(code, f"the API server answers {code}")


def _tidied(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a list what only fills it; sort it."""
    if "items" not in told:
        return told
    items = [_object(each) for each in told["items"] or ()]
    kept = [each for each in items if each["metadata"].get("name") != _ROOT]
    place = [
        (each["metadata"].get("namespace", ""), each["metadata"].get("name", "")) for each in kept
    ]
    order = sorted(range(len(kept)), key=place.__getitem__)
    return {"kind": told.get("kind"), "items": [kept[index] for index in order]}


def _object(read: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in read["metadata"].items() if key not in _NOISE}
    annotations = metadata.get("annotations") or {}
    metadata["annotations"] = {
        key: value for key, value in annotations.items() if key not in _NOISY_ANNOTATIONS
    }
    status = {key: value for key, value in (read.get("status") or {}).items() if key != "images"}
    return {**read, "metadata": metadata, **({"status": status} if "status" in read else {})}


def _logs(cluster: str, http: Http, pods: list[Mapping[str, Any]]) -> Iterator[Document]:
    """Read the end of each container's log; once nobody answers, nobody is asked any more."""
    silent = ""
    for pod in pods:
        metadata = pod["metadata"]
        for container in (pod.get("spec") or {}).get("containers") or ():
            place = f"{metadata['namespace']}/logs/{metadata['name']}.{container['name']}.txt"
            url = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/log"
            text = silent
            if not silent:
                text, silent = _log(http, url, container["name"])
            yield Document(path=f"clusters/{cluster}/{place}", text=text)


def _log(http: Http, url: str, container: str) -> tuple[str, str]:
    """Read one log. Returns: it, or why there is none; and the latter if no other will come."""
    params = {"container": container, "tailLines": LINES, "limitBytes": BYTES}
    try:
        answer = http.get(url, params=params)
    except HTTPError as error:
        why = f"no logs: the API server does not answer ({type(error).__name__})\n"
        return why, why
    if answer.status_code != 200:
        return f"no logs: {_words(answer.status_code)}\n", ""
    return answer.text or "no logs: the container has written none\n", ""


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
