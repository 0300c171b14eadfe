"""
Serves the page on this machine, and follows `mesh status`.

It listens on loopback only, and answers only requests that name a loopback address: so no page of
another site can read it through a name that it points here.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..errors import PreconditionError
from .content import Content
from .page import main, page

LOOPBACK = "127.0.0.1"

# A page asks this often; its answer is empty as long as nothing changed. See follow.js.
CONTENT = "/content"

# Pause between two readings of the clusters. One takes a few seconds.
PAUSE_SECONDS = 10.0

Collect = Callable[[], Content]


class Follower:
    """Reads the environment again and again; has the newest content, and a number for it."""

    def __init__(self, first: Content, collect: Collect) -> None:
        self._collect, self._ended = collect, threading.Event()
        self._latest = (1, first)

    @property
    def latest(self) -> tuple[int, Content]:
        """The number of the newest content, and the content."""
        return self._latest

    def follow(self) -> None:
        """Read until it is ended."""
        while not self._ended.is_set():
            number, _ = self._latest
            self._latest = (number + 1, self._collect())
            self._ended.wait(PAUSE_SECONDS)

    def end(self) -> None:
        """End after the reading that is under way."""
        self._ended.set()


class Server(ThreadingHTTPServer):
    """Serves the page of a follower."""

    daemon_threads = True

    def __init__(self, follower: Follower, port: int) -> None:
        """
        Listen.

        Args:
            port: the port; 0 for one that the system chooses.

        Raises: PreconditionError if the port cannot be used.
        """
        self.follower = follower
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise PreconditionError(
                f"port {port} of {LOOPBACK} must be free to be used ({why}). "
                "Use: another --port, or none, so that the system chooses one"
            ) from None

    @property
    def address(self) -> str:
        """The URL of the page."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore connections that a browser closes while it is answered."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        """Answer with the page, or with what changed in it."""
        path, _, query = self.path.partition("?")
        number, content = self.server.follower.latest
        if self.headers.get("Host") not in self._names():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", "not served here\n")
        elif path == "/":
            self._answer(HTTPStatus.OK, "text/html", page(content, follows=True))
        elif path != CONTENT:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", "there is only /\n")
        elif query == f"seen={number}":
            self._answer(HTTPStatus.NO_CONTENT, "text/plain", "")
        else:
            self._answer(HTTPStatus.OK, "text/html", main(content), number)

    def _names(self) -> set[str]:
        port = self.server.server_port
        return {f"{name}:{port}" for name in (LOOPBACK, "localhost")}

    def _answer(self, status: HTTPStatus, kind: str, text: str, number: int | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if number is not None:
            self.send_header("ETag", str(number))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the output of the command is for people."""
