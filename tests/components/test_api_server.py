"""Clients that threads may use side by side."""

import re
import subprocess
import sys
from pathlib import Path

from components import api_server

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
from components import api_server
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
        for file in {*(ROOT / folder).rglob("*.py")} - {Path(api_server.__file__)}:
            found = re.findall(
                r"from lightkube\.resources\.\w+ import (\([^)]*\)|.*)", file.read_text()
            )
            used |= {name for names in found for name in re.findall(r"\w+", names)}

    assert used <= {kind.__name__ for kind in api_server.KINDS}


def test_paths_that_are_no_objects_are_asked_as_the_kubeconfig_says() -> None:
    with api_server.http(KUBECONFIG, timeout_seconds=3) as http:
        request = http.build_request("GET", "/healthz")
        flow = http.auth.sync_auth_flow(request) if http.auth else iter([request])

        assert next(flow).headers["Authorization"] == "Bearer none"
        assert str(request.url) == "http://127.0.0.1:1/healthz"
        assert http.timeout.read == 3
