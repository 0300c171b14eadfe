"""
What Linkerd's proxies tell, at rates that are known, and a genuine Prometheus that scrapes it.

Every sample comes with the moment it is of: a counter is its rate times that moment, to the
millisecond, so that Prometheus computes the rate itself however busy the machine is.
"""

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sandbox.home import TOOLCHAIN
from sandbox.processes import free_port

SHOP = {"namespace": "shop"}
API = {**SHOP, "direction": "inbound", "deployment": "api"}
IDLE = {**SHOP, "direction": "inbound", "deployment": "idle", "pod": "idle-1"}
WEB = {**SHOP, "direction": "outbound", "deployment": "web", "pod": "web-1"}
GATEWAY = {
    **WEB,
    "dst_target_cluster": "west",
    "dst_target_service": "api",
    "dst_target_service_namespace": "shop",
}
POD_TO_POD = {**WEB, "authority": "db-west.shop.svc.cluster.local:8080"}

Counter = tuple[str, Mapping[str, str], float]
"""Name, labels, and how much more it is each second."""


def _requests(labels: Mapping[str, str], success: float, failure: float) -> list[Counter]:
    return [
        ("response_total", {**labels, "classification": "success"}, success),
        ("response_total", {**labels, "classification": "failure"}, failure),
    ]


def _latencies(labels: Mapping[str, str], **within: float) -> list[Counter]:
    """Make buckets: how many requests a second took no longer than so many milliseconds."""
    bounds = {"le10": "10", "le20": "20", "le100": "100", "all": "+Inf"}
    return [
        ("response_latency_ms_bucket", {**labels, "le": bounds[bound]}, rate)
        for bound, rate in within.items()
    ]


def _bytes(labels: Mapping[str, str], peer: str, read: float, written: float) -> list[Counter]:
    return [
        ("tcp_read_bytes_total", {**labels, "peer": peer}, read),
        ("tcp_write_bytes_total", {**labels, "peer": peer}, written),
    ]


ONE, TWO = {**API, "pod": "api-1"}, {**API, "pod": "api-2"}

COUNTERS: list[Counter] = [
    *_requests(ONE, success=9, failure=1),
    *_latencies(ONE, le10=5, le20=9, le100=10, all=10),
    *_bytes(ONE, "src", read=1000, written=2500),
    *_bytes(ONE, "dst", read=77777, written=77777),  # the other end of the same connections
    *_requests(TWO, success=10, failure=0),
    *_latencies(TWO, le10=0, le20=0, le100=10, all=10),
    *_bytes(TWO, "src", read=500, written=250),
    *_requests(IDLE, success=0, failure=0),
    *_latencies(IDLE, le10=0, le20=0, le100=0, all=0),
    *_requests(GATEWAY, success=3, failure=1),
    *_latencies(GATEWAY, le10=0, le20=0, le100=4, all=4),
    *_requests(POD_TO_POD, success=2, failure=0),
    *_latencies(POD_TO_POD, le10=0, le20=0, le100=2, all=2),
]

GAUGES: list[Counter] = [
    ("tcp_open_connections", {**ONE, "peer": "src"}, 3),
    ("tcp_open_connections", {**ONE, "peer": "dst"}, 50),
    ("tcp_open_connections", {**TWO, "peer": "src"}, 4),
]


def exposition(milliseconds: int) -> str:
    """Write all metrics as of a moment, in Prometheus' text format."""
    counters = [(name, labels, rate * milliseconds / 1000) for name, labels, rate in COUNTERS]
    lines = []
    for name, labels, value in [*counters, *GAUGES]:
        told = ",".join(f'{key}="{text}"' for key, text in labels.items())
        lines.append(f"{name}{{{told}}} {value!r} {milliseconds}")
    return "\n".join(lines) + "\n"


class _Proxies(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = exposition(int(time.time() * 1000)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def scraped(folder: Path, *, address: str = "127.0.0.1", port: int | None = None) -> Iterator[str]:
    """Run a Prometheus that scrapes these metrics every second; gives its URL."""
    exporter = ThreadingHTTPServer(("127.0.0.1", 0), _Proxies)
    serving = threading.Thread(target=exporter.serve_forever)
    serving.start()
    target = f"127.0.0.1:{exporter.server_address[1]}"
    (folder / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        "scrape_configs:\n"
        f"- {{job_name: linkerd-proxy, static_configs: [{{targets: ['{target}']}}]}}\n"
    )
    listening = f"{address}:{port or free_port()}"
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                TOOLCHAIN / "bin" / "prometheus",
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address={listening}",
                "--log.level=warn",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield f"http://{listening}"
    finally:
        process.kill()
        process.wait()
        exporter.shutdown()
        serving.join()
        exporter.server_close()
