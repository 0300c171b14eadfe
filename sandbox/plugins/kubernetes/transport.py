"""
Requests to one API server: HTTP over kept connections, with the credentials of the kubeconfig.

Only the standard library, since one process serves one provider resource and a stack may have
twenty. Connections are shared between threads. A server that cannot be called at all raises
`Unreachable`; credentials that are not accepted any more are asked for once again; a server that is
busy is asked again when it says, as often as client-go does (rest/with_retry.go).
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import ssl
import threading
import time
from urllib.parse import urlsplit

from sandbox.plugins.kubernetes.api import ApiError, Object, Unreachable
from sandbox.plugins.kubernetes.credentials import Credentials, credentials
from sandbox.plugins.kubernetes.kubeconfig import KubeconfigError, Target

# A dead address must not hang a preview; the genuine provider's dialer gives up after 30 s.
CONNECT_SECONDS = 10.0
# Server-side apply of a large CustomResourceDefinition on a busy machine takes seconds.
ANSWER_SECONDS = 60.0
# How often client-go asks again.
RETRIES = 10


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
            for _ in range(RETRIES + 1):
                sent = self._round_trip(generation, context, method, path, data, headers)
                status, text, after = sent
                if not after.isdigit() or not (status == 429 or status >= 500):
                    break
                time.sleep(int(after))
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(
                f'{method.title()} "{self._target.server}{path.partition("?")[0]}": {error}'
            ) from None
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
    ) -> tuple[int, bytes, str]:
        """
        Send over a kept connection, or over a new one if the server closed that meanwhile.

        Returns: the status, the answer, and after how many seconds to ask again.
        """
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
        return response.status, text, response.headers.get("Retry-After", "")

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

    def __init__(
        self, host: str, port: int | None, context: ssl.SSLContext, server_name: str
    ) -> None:
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
        # Python 3.13 asks for extensions that Go's verifier, and so the genuine provider, does not
        # need.
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
