"""
Runs the load balancer controllers of every cluster of the sandbox: `python -m sandbox.balancers`.

With `--addresses`, Services get the addresses of their load balancer in place of its name: genuine
mirror controllers would ask DNS for the name, and there is none. Clusters come and go at any time;
they are looked for every second. Ends silently on SIGTERM and SIGINT.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime

from sandbox.aws_api import aws_endpoint
from sandbox.balancers.cluster import Cluster
from sandbox.clusters import RunningCluster, cluster_names, read_cluster
from sandbox.home import Home, SandboxError
from sandbox.plugins.aws.cloud import Cloud, Credentials

RESCAN_SECONDS = 1.0


def say(text: str) -> None:
    """Write one line of the log."""
    print(f"{datetime.now():%H:%M:%S.%f} {text}"[:2000], file=sys.stderr, flush=True)


class World:
    """All clusters of one sandbox."""

    def __init__(self, home: Home, *, by_name: bool) -> None:
        self._home, self._by_name = home, by_name
        self._clusters: dict[str, tuple[int, Cluster, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Follow clusters as they come and go, until cancelled."""
        while True:
            self._follow()
            await asyncio.sleep(RESCAN_SECONDS)

    def _follow(self) -> None:
        names = cluster_names(self._home)
        for name, (stamp, _, task) in list(self._clusters.items()):
            if name not in names or task.done() or self._stamp(name) != stamp:
                if task.done() and not task.cancelled():
                    say(f"{name}: ended: {task.exception()!r}; starts again")
                task.cancel()
                del self._clusters[name]
        for name in names:
            if name not in self._clusters:
                stamp, found = self._stamp(name), self._read(name)
                if found is not None:
                    cluster = Cluster(found, self._cloud, by_name=self._by_name, say=say)
                    self._clusters[name] = (stamp, cluster, asyncio.create_task(cluster.run()))

    def _stamp(self, name: str) -> int:
        try:
            return (self._home.cluster(name) / "cluster.json").stat().st_mtime_ns
        except OSError:  # deleted meanwhile
            return 0

    def _read(self, name: str) -> RunningCluster | None:
        try:
            return read_cluster(self._home, name)
        except (OSError, ValueError, KeyError):  # deleted while it was read
            return None

    def _cloud(self, region: str) -> Cloud:
        endpoint = aws_endpoint(self._home)
        if endpoint is None:
            raise SandboxError("the emulated AWS must run (it was never started)")
        credentials = Credentials(access_key="test", secret_key="test")
        return Cloud(endpoint=endpoint, region=region, credentials=credentials, home=self._home)


async def _main(arguments: list[str]) -> None:
    say("imitated load balancer controllers: load balancers are records, no traffic flows")
    main = asyncio.current_task()
    assert main is not None
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, main.cancel)
    await World(Home.current(), by_name="--addresses" not in arguments).run()


def main() -> None:
    """Run until asked to end."""
    try:
        asyncio.run(_main(sys.argv[1:]))
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit(0)
    except SandboxError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
