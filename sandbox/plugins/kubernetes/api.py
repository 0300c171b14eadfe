"""
The objects of an API server: which path serves which kind, and what can be done with an object.

An answer that is an error becomes an `ApiError` that says what the server said; a server that
cannot be called at all becomes `Unreachable`, which a preview survives. Whoever does not expect
them lets them through: the engine shows their message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from sandbox.plugins.framework import Refused

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""

APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"


class Unreachable(Refused):
    """No API server answers, or it does not let us in."""


class NoSuchKind(Refused):
    """The API server does not serve this kind (yet)."""

    def __init__(self, api_version: str, kind: str) -> None:
        group, _, version = api_version.rpartition("/")
        super().__init__(
            f'no matches for kind "{kind}" in version "{f"{group}/" if group else ""}{version}"'
        )


class ApiError(Refused):
    """What an API server answered instead of an object."""

    def __init__(self, status: int, answer: Object) -> None:
        super().__init__(answer.get("message") or f"the server answered with status {status}")
        self.status = status
        self.reason: str = answer.get("reason") or ""
        details = answer.get("details") or {}
        self.kind: str = details.get("kind") or ""
        self.causes: list[Object] = details.get("causes") or []

    @property
    def missing_namespace(self) -> bool:
        """Tell whether the namespace, and not the object, is what was not found."""
        return self.reason == "NotFound" and self.kind == "namespaces"


@dataclass(frozen=True, kw_only=True)
class Served:
    """How a kind is served."""

    path: str
    """Everything before the namespace: /api/v1, /apis/apps/v1."""
    plural: str
    namespaced: bool

    def url(self, namespace: str = "", name: str = "") -> str:
        """Give the path of one object, or of the list."""
        space = f"/namespaces/{quote(namespace)}" if self.namespaced and namespace else ""
        return f"{self.path}{space}/{self.plural}" + (f"/{quote(name)}" if name else "")


class Transport(Protocol):
    """Whatever can send a request; tests put an imitation of an API server here."""

    def send(self, method: str, path: str, body: object = None, content: str = "") -> Object:
        """Send and return the answer, or raise ApiError or Unreachable."""


class Api:
    """An API server: objects by kind, namespace and name."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._served: dict[tuple[str, str], Served] = {}

    def version(self) -> tuple[int, int]:
        """Ask for the Kubernetes version, as major and minor."""
        answer = self._transport.send("GET", "/version")
        digits = ["".join(filter(str.isdigit, answer.get(key, ""))) for key in ("major", "minor")]
        return int(digits[0] or 0), int(digits[1] or 0)

    def served(self, api_version: str, kind: str) -> Served:
        """Find out how a kind is served; asked anew each time until it is."""
        key = (api_version, kind)
        if key not in self._served:
            path = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
            try:
                listed = self._transport.send("GET", path).get("resources") or []
            except ApiError as error:
                if error.status == 404:
                    raise NoSuchKind(api_version, kind) from None
                raise
            for one in listed:
                if "/" not in one["name"]:
                    self._served[api_version, one["kind"]] = Served(
                        path=path, plural=one["name"], namespaced=one["namespaced"]
                    )
            if key not in self._served:
                raise NoSuchKind(api_version, kind)
        return self._served[key]

    def forget_kinds(self) -> None:
        """Ask for kinds again: a definition of new ones came, changed or went."""
        self._served = {}

    def get(self, api_version: str, kind: str, namespace: str, name: str) -> Object:
        """Get one object."""
        return self._transport.send("GET", self.served(api_version, kind).url(namespace, name))

    def find(self, api_version: str, kind: str, namespace: str, name: str) -> Object | None:
        """Get one object, or None if it does not exist."""
        try:
            return self.get(api_version, kind, namespace, name)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list_objects(
        self, api_version: str, kind: str, namespace: str, *, labels: str = ""
    ) -> list[Object]:
        """List the objects of a namespace."""
        question = f"?{urlencode({'labelSelector': labels})}" if labels else ""
        path = self.served(api_version, kind).url(namespace)
        return self._transport.send("GET", path + question).get("items") or []

    def create(self, obj: Object, *, manager: str, dry_run: bool) -> Object:
        """Create an object; an existing one is an error."""
        url = self._url_of(obj, with_name=False)
        return self._transport.send("POST", url + _options(dry_run, fieldManager=manager), obj)

    def apply(self, obj: Object, *, manager: str, force: bool, dry_run: bool) -> Object:
        """Apply an object on the server as one field manager."""
        options = _options(dry_run, fieldManager=manager, force="true" if force else "false")
        return self._transport.send("PATCH", self._url_of(obj) + options, obj, APPLY)

    def replace(self, obj: Object, *, manager: str, dry_run: bool) -> Object:
        """Put an object in the place of the existing one."""
        return self._transport.send(
            "PUT", self._url_of(obj) + _options(dry_run, fieldManager=manager), obj
        )

    def patch(self, obj: Object, operations: list[Object]) -> Object:
        """Change an existing object by a JSON patch."""
        return self._transport.send("PATCH", self._url_of(obj), operations, JSON_PATCH)

    def delete(self, obj: Object, *, propagation: str) -> None:
        """Ask for an object's deletion."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation}
        self._transport.send("DELETE", self._url_of(obj), options)

    def _url_of(self, obj: Object, *, with_name: bool = True) -> str:
        metadata = obj["metadata"]
        served = self.served(obj["apiVersion"], obj["kind"])
        namespace = metadata.get("namespace") or ("default" if served.namespaced else "")
        return served.url(namespace, metadata["name"] if with_name else "")


def _options(dry_run: bool, **options: str) -> str:
    return "?" + urlencode({**options, **({"dryRun": "All"} if dry_run else {})})
