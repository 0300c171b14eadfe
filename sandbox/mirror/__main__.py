"""
Runs the mirror controllers of every cluster of the sandbox: `python -m sandbox.mirror`.

Clusters come and go at any time; they are looked for every second. Ends silently on SIGTERM and
SIGINT.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime

from sandbox.balancers import hostnames
from sandbox.clusters import RunningCluster, cluster_names, read_cluster
from sandbox.home import Home, SandboxError
from sandbox.mirror import gateways
from sandbox.mirror.source import Source

RESCAN_SECONDS = 1.0


def say(text: str) -> None:
    """Write one line of the log."""
    print(f"{datetime.now():%H:%M:%S.%f} {text}"[:2000], file=sys.stderr, flush=True)


class World:
    """All clusters of one sandbox."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._sources: dict[str, tuple[Source, asyncio.Task[None]]] = {}
        self._read: dict[str, tuple[int, RunningCluster]] = {}

    async def run(self) -> None:
        """Follow clusters as they come and go, until cancelled."""
        while True:
            self._follow(self._clusters())
            await asyncio.sleep(RESCAN_SECONDS)

    def _follow(self, clusters: dict[str, RunningCluster]) -> None:
        for name, (source, task) in list(self._sources.items()):
            found = clusters.get(name)
            same = found is not None and _identity(found) == _identity(source.cluster)
            if not same or task.done():
                if task.done() and not task.cancelled():
                    say(f"{name}: ended: {task.exception()!r}; starts again")
                task.cancel()
                del self._sources[name]
        for name, cluster in clusters.items():
            if name not in self._sources:
                say(f"{name}: found")
                source = Source(cluster, self._answers, say)
                self._sources[name] = (source, asyncio.create_task(source.run()))

    def _answers(self, address: str, port: int, path: str) -> bool:
        balancers = [source.balancers() for source, _ in self._sources.values()]
        return gateways.answers(
            balancers, address, port, path, lambda name: hostnames.resolve(self._home, name)
        )

    def _clusters(self) -> dict[str, RunningCluster]:
        """Read the clusters there are; only those whose record is new, since reading takes time."""
        found = {}
        for name in cluster_names(self._home):
            try:
                stamp = (self._home.cluster(name) / "cluster.json").stat().st_mtime_ns
                known = self._read.get(name)
                cluster = (
                    known[1] if known and known[0] == stamp else read_cluster(self._home, name)
                )
            except (OSError, ValueError, KeyError):  # deleted while it was read
                continue
            if cluster is not None:
                found[name] = cluster
                self._read[name] = (stamp, cluster)
        return found


def _identity(cluster: RunningCluster) -> tuple[str, str]:
    return cluster.server, cluster.ca_pem


async def _main() -> None:
    say("imitated mirror controllers: Services and Endpoints are written, no traffic flows")
    main = asyncio.current_task()
    assert main is not None
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, main.cancel)
    await World(Home.current()).run()


def main() -> None:
    """Run until asked to end."""
    try:
        asyncio.run(_main())
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit(0)
    except SandboxError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
