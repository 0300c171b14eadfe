"""
Calling an API server: JSON over HTTPS, and which path serves which kind.

Only the standard library, since one process serves one provider resource and a stack may have twenty. Connections
are kept and shared between threads. An answer that is an error becomes an `ApiError` that says what the server
said; a server that cannot be called at all becomes `Unreachable`, which a preview survives. Whoever does not
expect them lets them through: the engine shows their message.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes.kubeconfig import Credentials, KubeconfigError, Target, credentials

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""

APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"

# A dead address must not hang a preview; the genuine provider's dialer gives up after 30 s.
CONNECT_SECONDS = 10.0
# Server-side apply of a large CustomResourceDefinition on a busy machine takes seconds.
ANSWER_SECONDS = 60.0


class Unreachable(Refused):
    """No API server answers, or it does not let us in."""


class NoSuchKind(Refused):
    """The API server does not serve this kind (yet)."""

    def __init__(self, api_version: str, kind: str) -> None:
        group, _, version = api_version.rpartition("/")
        super().__init__(f'no matches for kind "{kind}" in version "{f"{group}/" if group else ""}{version}"')


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

    def list(self, api_version: str, kind: str, namespace: str, *, labels: str = "") -> list[Object]:
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
        return self._transport.send("PUT", self._url_of(obj) + _options(dry_run, fieldManager=manager), obj)

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


class HttpTransport:
    """Requests to one API server over kept connections."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._address = urlsplit(target.server)
        self._idle: queue.LifoQueue[tuple[int, http.client.HTTPConnection]] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._generation = 0
        self._credentials: Credentials | None = None
        self._context: ssl.SSLContext | None = None

    def send(self, method: str, path: str, body: object = None, content: str = "") -> Object:
        """Send a request; new credentials are asked for once if the old are not accepted."""
        status, answer = self._exchange(method, path, body, content)
        if status == 401 and "exec" in self._target.user:
            with self._lock:
                self._credentials = None
            status, answer = self._exchange(method, path, body, content)
        if status >= 400:
            raise ApiError(status, answer)
        return answer

    def _exchange(self, method: str, path: str, body: object, content: str) -> tuple[int, Object]:
        known, context, generation = self._login()
        headers = {"Accept": "application/json", "User-Agent": "linkmesh-sandbox"}
        if known.token:
            headers["Authorization"] = f"Bearer {known.token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = content or "application/json"
        try:
            status, text = self._round_trip(generation, context, method, path, data, headers)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f'{method.title()} "{self._target.server}{path.partition("?")[0]}": {error}') from None
        try:
            answer = json.loads(text) if text else {}
        except ValueError:
            answer = {"message": text[:300].decode(errors="replace")}
        return status, answer if isinstance(answer, dict) else {"message": str(answer)[:300]}

    def _round_trip(
        self,
        generation: int,
        context: ssl.SSLContext | None,
        method: str,
        path: str,
        data: bytes | None,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        """Send over a kept connection, or over a new one if the server closed that meanwhile."""
        connection = self._kept(generation)
        if connection is not None:
            try:
                connection.request(method, self._address.path + path, data, headers)
                response = connection.getresponse()
            except ConnectionError:  # not a timeout: that request may have been heard
                connection.close()
                connection = None
        if connection is None:
            connection = self._connect(context)
            connection.request(method, self._address.path + path, data, headers)
            response = connection.getresponse()
        text = response.read()
        self._idle.put((generation, connection))
        return response.status, text

    def _kept(self, generation: int) -> http.client.HTTPConnection | None:
        while True:
            try:
                made, connection = self._idle.get_nowait()
            except queue.Empty:
                return None
            if made == generation:
                return connection
            connection.close()

    def _connect(self, context: ssl.SSLContext | None) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if context is None:
            plain = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
            plain.connect()
            _patient(plain)
            return plain
        secure = _Https(host, port, context, self._target.server_name or host)
        secure.connect()
        _patient(secure)
        return secure

    def _login(self) -> tuple[Credentials, ssl.SSLContext | None, int]:
        with self._lock:
            if self._credentials is None or self._credentials.expired:
                try:
                    self._credentials = credentials(self._target)
                except (KubeconfigError, OSError) as error:
                    raise Unreachable(str(error)) from None
                self._context = _context(self._target, self._credentials)
                self._generation += 1
            return self._credentials, self._context, self._generation


class _Https(http.client.HTTPSConnection):
    """HTTPS with a name for the certificate that may differ from the address."""

    def __init__(self, host: str, port: int | None, context: ssl.SSLContext, server_name: str) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS, context=context)
        self._wrap, self._server_name = context, server_name

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._wrap.wrap_socket(self.sock, server_hostname=self._server_name)


def _patient(connection: http.client.HTTPConnection) -> None:
    connection.sock.settimeout(ANSWER_SECONDS)


def _context(target: Target, known: Credentials) -> ssl.SSLContext | None:
    if not target.server.startswith("https://"):
        return None
    try:
        context = ssl.create_default_context(cadata=target.ca_pem or None)
        # Python 3.13 asks for extensions that Go's verifier, and so the genuine provider, does not need.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if not target.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if known.certificate_pem:
            _load_certificate(context, known)
    except ssl.SSLError as error:
        raise Unreachable(f"the kubeconfig's certificates cannot be used: {error}") from None
    return context


def _load_certificate(context: ssl.SSLContext, known: Credentials) -> None:
    # OpenSSL reads files only; this one has no name and is never on a disk.
    descriptor = os.memfd_create("client-certificate")
    try:
        os.write(descriptor, f"{known.certificate_pem}\n{known.key_pem}\n".encode())
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def _options(dry_run: bool, **options: str) -> str:
    return "?" + urlencode({**options, **({"dryRun": "All"} if dry_run else {})})
