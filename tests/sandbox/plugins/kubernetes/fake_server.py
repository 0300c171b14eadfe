"""
An API server in memory: enough of create, apply, replace, patch and delete to test who calls it.

It keeps who owns which field in the form of managedFields, as far as leaves of objects go; lists
count as one leaf. It knows no defaults and no validation.
"""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.plugins.kubernetes.api import ApiError

Object = dict[str, Any]
Leaf = tuple[str, ...]

KINDS = {
    "/api/v1": [
        ("Namespace", "namespaces", False),
        ("Service", "services", True),
        ("Secret", "secrets", True),
        ("ConfigMap", "configmaps", True),
        ("Endpoints", "endpoints", True),
        ("Pod", "pods", True),
    ],
    "/apis/apps/v1": [("Deployment", "deployments", True), ("ReplicaSet", "replicasets", True)],
    "/apis/apiextensions.k8s.io/v1": [
        ("CustomResourceDefinition", "customresourcedefinitions", False)
    ],
}


class FakeServer:
    """Implements `Transport`."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {"/api/v1/namespaces/default": {"metadata": {}}}
        self.kinds = copy.deepcopy(KINDS)
        self.requests: list[tuple[str, str]] = []
        self.keeps_deleted = False
        """Whether a deleted object stays, as one with a finalizer does."""

    def send(self, method: str, path: str, body: Any = None, content: str = "") -> Object:
        self.requests.append((method, path))
        url = urlsplit(path)
        options = {key: values[0] for key, values in parse_qs(url.query).items()}
        if method == "GET":
            return self._get(url.path)
        dry = "dryRun" in options
        before = copy.deepcopy(self.objects)
        result: Object
        if method == "POST":
            result = self._create(url.path, body, options)
        elif method == "DELETE":
            self._find(url.path)
            if not self.keeps_deleted:
                del self.objects[url.path]
            result = {}
        elif content.startswith("application/apply"):
            result = self._apply(url.path, body, options)
        elif content.startswith("application/json-patch"):
            result = self._json_patch(url.path, body)
        else:
            self._find(url.path)
            result = self.objects[url.path] = {**copy.deepcopy(body)}
        result = copy.deepcopy(result)
        if dry:
            self.objects = before
        return result

    def _get(self, path: str) -> Object:
        if path == "/version":
            return {"major": "1", "minor": "35"}
        if path in self.kinds:
            return {
                "resources": [
                    {"kind": kind, "name": name, "namespaced": namespaced}
                    for kind, name, namespaced in self.kinds[path]
                ]
            }
        if path.startswith("/apis/") and path.count("/") == 3:
            raise ApiError(404, {"message": "404 page not found"})
        if any(path.endswith(f"/{name}") for kinds in self.kinds.values() for _, name, _ in kinds):
            inside = [one for key, one in self.objects.items() if key.rpartition("/")[0] == path]
            return {"items": copy.deepcopy(inside)}
        return copy.deepcopy(self._find(path))

    def _find(self, path: str) -> Object:
        if path not in self.objects:
            raise ApiError(404, {"message": f"{path} not found", "reason": "NotFound"})
        return self.objects[path]

    def _create(self, path: str, body: Object, options: dict[str, str]) -> Object:
        where = f"{path}/{body['metadata']['name']}"
        if "/namespaces/" in path:
            space = path.rpartition("/")[0]
            if f"/api/v1/namespaces/{space.rpartition('/')[2]}" not in self.objects:
                details = {"kind": "namespaces"}
                raise ApiError(
                    404, {"message": "no space", "reason": "NotFound", "details": details}
                )
        if where in self.objects:
            raise ApiError(409, {"message": "already exists", "reason": "AlreadyExists"})
        made = copy.deepcopy(body)
        owned = [entry(options["fieldManager"], "Update", leaves(body))]
        made["metadata"].update(uid=f"uid-{len(self.requests)}", resourceVersion="1")
        made["metadata"]["managedFields"] = owned
        self.objects[where] = made
        return made

    def _apply(self, path: str, body: Object, options: dict[str, str]) -> Object:
        obj = copy.deepcopy(self.objects.get(path) or {"metadata": {"uid": "applied"}})
        entries = obj["metadata"].get("managedFields", [])
        manager, wanted = options["fieldManager"], leaves(body)
        mine = next((one for one in entries if one["manager"] == manager), None)
        others = [one for one in entries if one is not mine]
        clashes = [
            one["manager"]
            for one in others
            if one["operation"] == "Apply" or one["manager"] != "controller"
            for leaf in owned_by(one)
            if leaf in wanted and value_at(obj, leaf) != wanted[leaf]
        ]
        if clashes and options["force"] != "true":
            raise ApiError(409, {"message": f"conflict with {clashes[0]}", "reason": "Conflict"})
        kept = {leaf for one in others for leaf in owned_by(one)}
        for leaf in owned_by(mine) if mine else []:
            if leaf not in wanted and leaf not in kept:
                remove(obj, leaf)
        for leaf, value in wanted.items():
            put(obj, leaf, value)
        obj["metadata"]["managedFields"] = [*others, entry(manager, "Apply", wanted)]
        obj["metadata"]["resourceVersion"] = str(len(self.requests))
        self.objects[path] = obj
        return obj

    def _json_patch(self, path: str, operations: list[Object]) -> Object:
        obj = self._find(path)
        test, replace = operations
        if obj["metadata"]["resourceVersion"] != test["value"]:
            raise ApiError(422, {"message": "the test failed", "reason": "Invalid"})
        obj["metadata"]["managedFields"] = replace["value"]
        return obj


def entry(manager: str, operation: str, fields: dict[Leaf, Any]) -> Object:
    nested: Object = {}
    for leaf in fields:
        inner = nested
        for key in leaf:
            inner = inner.setdefault(f"f:{key}", {})
    return {"manager": manager, "operation": operation, "fieldsV1": nested}


def owned_by(one: Object) -> set[Leaf]:
    def walk(fields: Object, path: Leaf) -> set[Leaf]:
        if not fields:
            return {path}
        return {leaf for key, inner in fields.items() for leaf in walk(inner, (*path, key[2:]))}

    return walk(one["fieldsV1"], ()) - {()}


def leaves(obj: Any, path: Leaf = ()) -> dict[Leaf, Any]:
    if isinstance(obj, dict) and obj:
        return {
            leaf: value
            for key, one in obj.items()
            for leaf, value in leaves(one, (*path, key)).items()
        }
    return {path: obj}


def value_at(obj: Any, leaf: Leaf) -> Any:
    for key in leaf:
        obj = obj.get(key) if isinstance(obj, dict) else None
    return obj


def put(obj: Object, leaf: Leaf, value: Any) -> None:
    for key in leaf[:-1]:
        obj = obj.setdefault(key, {})
    obj[leaf[-1]] = copy.deepcopy(value)


def remove(obj: Object, leaf: Leaf) -> None:
    parent = value_at(obj, leaf[:-1])
    if isinstance(parent, dict):
        parent.pop(leaf[-1], None)
        if not parent and len(leaf) > 1:
            remove(obj, leaf[:-1])
