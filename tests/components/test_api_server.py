"""Clients that threads may use side by side."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from lightkube import ApiError
from lightkube.resources.core_v1 import Node

from linkmesh import api_server

ROOT = Path(__file__).resolve().parents[2]

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: it
clusters: [{name: it, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: it, context: {cluster: it, user: it}}]
users: [{name: it, user: {token: none}}]
"""

# Threads take turns as often as the interpreter can, so that what can meet does.
TOGETHER = """
import sys, threading
from linkmesh import api_server
sys.setswitchinterval(1e-6)
start = threading.Barrier(4)
done = []

def read():
    start.wait()
    {make}
    for kind, least in api_server.KINDS.items():
        kind.from_dict({{**least, "metadata": {{"name": "a", "labels": {{"b": "c"}}}}}})
    done.append(True)

threads = [threading.Thread(target=read) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
sys.exit(len(done) - 4)
"""


def read_together(make: str) -> int:
    """Read every kind in four threads of a fresh process; returns how that process ended."""
    program = TOGETHER.format(make=make)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    ).returncode


def test_threads_with_clients_of_their_own_read_side_by_side() -> None:
    make = f"api_server.client({KUBECONFIG!r}, timeout_seconds=1)"

    assert [read_together(make) for _ in range(3)] == [0, 0, 0]


def test_every_kind_that_the_product_reads_is_learnt() -> None:
    used = set()
    for folder in ("components", "stacks", "cli"):
        for file in {*(ROOT / folder).rglob("*.py")} - {Path(api_server.__file__).resolve()}:
            found = re.findall(
                r"from lightkube\.resources\.\w+ import (\([^)]*\)|.*)", file.read_text()
            )
            used |= {name for names in found for name in re.findall(r"\w+", names)}

    assert used <= {kind.__name__ for kind in api_server.KINDS}


def test_paths_that_are_no_objects_are_requested_with_the_kubeconfig() -> None:
    with api_server.http(KUBECONFIG, timeout_seconds=3) as http:
        request = http.build_request("GET", "/healthz")
        flow = http.auth.sync_auth_flow(request) if http.auth else iter([request])

        assert next(flow).headers["Authorization"] == "Bearer none"
        assert str(request.url) == "http://127.0.0.1:1/healthz"
        assert http.timeout.read == 3


def with_plugin(kubeconfig: str, folder: Path) -> str:
    """Let an exec plugin authenticate, which counts its runs in a file and prints the count."""
    plugin = folder / "plugin"
    plugin.write_text(
        f"#!/bin/sh\necho run >> {folder}/runs\nsleep 0.2\n"
        'printf \'{"status": {"token": "%s"}}\' '
        f"$(wc -l < {folder}/runs)\n"
    )
    plugin.chmod(0o755)
    config = yaml.safe_load(kubeconfig)
    version = "client.authentication.k8s.io/v1beta1"
    config["users"][0]["user"] = {"exec": {"apiVersion": version, "command": str(plugin)}}
    return yaml.safe_dump(config)


def test_all_clients_of_a_cluster_share_the_token_of_an_exec_plugin(tmp_path: Path) -> None:
    with api_server_that_answers(lambda _: FINE) as (kubeconfig, asked):
        given = with_plugin(kubeconfig, tmp_path)

        def read(_: int) -> None:
            with api_server.client(given) as client:
                assert list(client.list(Node)) == []
            with api_server.http(given) as http:
                http.get("/apis")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(read, range(4)))

    assert (tmp_path / "runs").read_text() == "run\n"
    assert {each.split(maxsplit=1)[1] for each in asked} == {"Bearer 1"}


def test_a_token_that_is_rejected_is_asked_for_again(tmp_path: Path) -> None:
    with api_server_that_answers(lambda asked: (401, {}) if asked == 1 else FINE) as (
        kubeconfig,
        asked,
    ):
        given = with_plugin(kubeconfig, tmp_path)
        with api_server.http(given) as http:
            assert [http.get("/apis").status_code for _ in range(3)] == [200] * 3

    assert [each.split()[-1] for each in asked] == ["1", "1", "2", "2"]


# What an API server says while it reads a kind that was just added.
WAIT = (429, {"Retry-After": "0"})
FINE: tuple[int, dict[str, str]] = (200, {})


@contextmanager
def api_server_that_answers(
    answers: Callable[[int], tuple[int, dict[str, str]]],
) -> Iterator[tuple[str, list[str]]]:
    """Serve on loopback; gives a kubeconfig, and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers = answers(len(asked))
            asked.append(f"{self.path} {self.headers['Authorization']}")
            body = b'{"kind":"NodeList","metadata":{},"items":[]}' if status == 200 else b"{}"
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield KUBECONFIG.replace("127.0.0.1:1", f"127.0.0.1:{server.server_port}"), asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_request_is_repeated_after_retry_after(status: int) -> None:
    busy_twice = lambda asked: (status, {"Retry-After": "0"}) if asked < 2 else FINE  # noqa: E731
    with api_server_that_answers(busy_twice) as (kubeconfig, asked):
        with api_server.client(kubeconfig, timeout_seconds=3) as client:
            assert list(client.list(Node)) == []
        assert asked == ["/api/v1/nodes Bearer none"] * 3

    with api_server_that_answers(busy_twice) as (kubeconfig, asked):
        with api_server.http(kubeconfig, timeout_seconds=3) as http:
            assert http.get("/apis").status_code == 200
        assert asked == ["/apis Bearer none"] * 3


def test_an_api_server_that_stays_busy_is_given_up_in_the_end() -> None:
    with (
        api_server_that_answers(lambda _: WAIT) as (kubeconfig, asked),
        api_server.http(kubeconfig, timeout_seconds=3) as http,
    ):
        assert http.get("/apis").status_code == 429
        assert len(asked) == api_server.RETRIES + 1


@pytest.mark.parametrize("answer", [(403, {"Retry-After": "0"}), (503, {}), (429, {})])
def test_other_errors_are_not_retried(answer: tuple[int, dict[str, str]]) -> None:
    with (
        api_server_that_answers(lambda _: answer) as (kubeconfig, asked),
        api_server.client(kubeconfig, timeout_seconds=3) as client,
    ):
        with pytest.raises(ApiError):
            list(client.list(Node))
        assert len(asked) == 1


def test_the_proxy_of_the_user_s_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with api_server_that_answers(lambda _: FINE) as (kubeconfig, asked):
        proxy = re.search(r"http://127.0.0.1:\d+", kubeconfig)
        assert proxy
        monkeypatch.setenv("http_proxy", proxy[0])
        elsewhere = kubeconfig.replace(proxy[0], "http://api.invalid")
        with api_server.client(elsewhere, timeout_seconds=3) as client:
            list(client.list(Node))
        assert asked == ["http://api.invalid/api/v1/nodes Bearer none"]
