"""The server of `--watch`: on loopback, for its own page only, with the newest content."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.view.content import Content
from linkmesh.cli.view.server import Follower, Server
from tests.cli.view.environments import content, described

PLAN = described(3, "chain")
FIRST = replace(content(PLAN), report=None, unread="the clusters are being asked for their state")


def collect() -> Content:
    """Collect a healthy environment."""
    return content(PLAN)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs."""
    with Server(Follower(FIRST, collect), 0) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def get(server: Server, path: str, **headers: str) -> httpx2.Response:
    """Request a path."""
    return httpx2.get(server.address.rstrip("/") + path, headers=headers, trust_env=False)


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_the_page_may_run_its_own_script_and_ask_its_own_server(server: Server) -> None:
    answer = get(server, "/")

    assert answer.status_code == 200
    assert "script-src 'sha256-" in answer.text
    assert "connect-src 'self'" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_page_has_seen_is_not_sent_again(server: Server) -> None:
    first = get(server, "/content?seen=")
    again = get(server, f"/content?seen={first.headers['ETag']}")

    assert (first.status_code, again.status_code) == (200, 204)
    assert "the clusters are being asked for their state" in first.text


def test_a_name_that_others_point_to_this_machine_is_rejected(server: Server) -> None:
    assert get(server, "/", Host="example.org").status_code == 421
    assert get(server, "/content", Host=f"example.org:{server.server_port}").status_code == 421
    assert get(server, "/", Host=f"localhost:{server.server_port}").status_code == 200


def test_there_is_nothing_else(server: Server) -> None:
    assert get(server, "/../../etc/passwd").status_code == 404
    assert httpx2.post(server.address, trust_env=False).status_code == 501


def test_a_follower_has_the_newest_content() -> None:
    follower = Follower(FIRST, collect)
    thread = threading.Thread(target=follower.follow, daemon=True)
    thread.start()
    for _ in range(200):
        if follower.latest[1].report is not None:
            break
        thread.join(0.01)
    follower.end()
    thread.join(5)

    assert not thread.is_alive()
    assert follower.latest == (2, content(PLAN))


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PreconditionError) as error:
            Server(Follower(FIRST, collect), port)

    assert str(error.value) == (
        f"port {port} of 127.0.0.1 must be free to be used (Address already in use). "
        "Use: another --port, or none, so that the system chooses one"
    )
