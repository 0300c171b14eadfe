"""Calling a server: kept connections, credentials, and servers that do not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sandbox.plugins.kubernetes import kubeconfig
from sandbox.plugins.kubernetes.api import ApiError, Unreachable
from sandbox.plugins.kubernetes.transport import RETRIES, HttpTransport


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: set[Any] = set()  # noqa: RUF012 - emptied by the fixture
    answers: list[tuple[int, bytes]] = []  # noqa: RUF012
    headers_of: dict[int, str] = {}  # noqa: RUF012 - status: when to ask again
    tokens: list[str | None] = []  # noqa: RUF012
    closes = False

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        type(self).connections.add(self.client_address)
        type(self).tokens.append(self.headers["Authorization"])
        status, text = self.answers.pop(0) if self.answers else (200, b'{"ok": true}')
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if after := self.headers_of.get(status):
            self.send_header("Retry-After", after)
        self.end_headers()
        self.wfile.write(text)
        # Closed without a word, as an API server does that is restarted.
        self.close_connection = self.closes

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Handler.connections, Handler.answers, Handler.tokens = set(), [], []
    Handler.closes, Handler.headers_of = False, {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def transport(server: str, user: dict[str, Any] | None = None) -> HttpTransport:
    return HttpTransport(
        kubeconfig.select(
            {
                "current-context": "c",
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": {"server": server}}],
                "users": [{"name": "u", "user": user or {"token": "t"}}],
            }
        )
    )


def test_a_connection_is_kept(address: str) -> None:
    sender = transport(address)

    assert [sender.send("GET", "/a") for _ in range(3)] == [{"ok": True}] * 3
    assert len(Handler.connections) == 1
    assert Handler.tokens == ["Bearer t"] * 3


def test_a_connection_that_the_server_closed_is_made_anew(address: str) -> None:
    Handler.closes = True
    sender = transport(address)

    assert [sender.send("GET", "/a") for _ in range(3)] == [{"ok": True}] * 3
    assert len(Handler.connections) == 3


def test_an_error_says_what_the_server_said(address: str) -> None:
    status = {"message": 'pods "a" not found', "reason": "NotFound", "details": {"kind": "pods"}}
    Handler.answers = [(404, json.dumps(status).encode())]

    with pytest.raises(ApiError, match='pods "a" not found') as failed:
        transport(address).send("GET", "/a")

    assert (failed.value.status, failed.value.reason) == (404, "NotFound")
    assert not failed.value.missing_namespace


def test_an_error_that_is_no_json_is_shown(address: str) -> None:
    Handler.answers = [(503, b"starting up")]

    with pytest.raises(ApiError, match="starting up"):
        transport(address).send("GET", "/a")


def test_a_busy_server_is_asked_again_when_it_says_when(address: str) -> None:
    Handler.headers_of = {429: "0", 503: "0"}
    Handler.answers = [(429, b"{}"), (503, b"{}")]

    assert transport(address).send("POST", "/a") == {"ok": True}
    assert len(Handler.tokens) == 3


def test_a_server_that_stays_busy_is_given_up_in_the_end(address: str) -> None:
    Handler.headers_of = {429: "0"}
    Handler.answers = [(429, b"{}")] * 20

    with pytest.raises(ApiError):
        transport(address).send("GET", "/a")

    assert len(Handler.tokens) == RETRIES + 1


def test_a_program_is_asked_again_when_its_token_is_not_accepted(
    address: str, tmp_path: Path
) -> None:
    program = tmp_path / "get-token"
    answer = '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}'
    program.write_text(
        f"#!/bin/sh\necho x >>{tmp_path}/calls\nprintf '{answer}' $(wc -l <{tmp_path}/calls)\n"
    )
    program.chmod(0o755)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(program)}}
    Handler.answers = [(401, b"{}")]

    transport(address, user).send("GET", "/a")

    assert Handler.tokens == ["Bearer 1", "Bearer 2"]


def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r'Get "http://127.0.0.1:1/a": .*Connection refused'):
        transport("http://127.0.0.1:1").send("GET", "/a?secret=no")


def test_missing_credentials_are_unreachable(address: str) -> None:
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such"}}

    with pytest.raises(Unreachable, match="executable no-such not found"):
        transport(address, user).send("GET", "/a")
