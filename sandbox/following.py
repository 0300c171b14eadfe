"""
A process that plays something in every cluster of the sandbox.

Clusters come and go at any time; they are looked for every second. Ends silently on SIGTERM and
SIGINT.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sandbox.cluster_folder import cluster_names
from sandbox.clusters import RunningCluster, read_cluster
from sandbox.home import Home, SandboxError

RESCAN_SECONDS = 1.0


class Follower(Protocol):
    """What plays in one cluster until it is cancelled."""

    async def run(self) -> None:
        """Play."""


F = TypeVar("F", bound=Follower)


def say(text: str) -> None:
    """Write one line of the log."""
    print(f"{datetime.now():%H:%M:%S.%f} {text}"[:2000], file=sys.stderr, flush=True)


class Following(Generic[F]):
    """Followers of all clusters of one sandbox, one each."""

    def __init__(self, home: Home, start: Callable[[RunningCluster], F]) -> None:
        self._home, self._start = home, start
        self._running: dict[str, tuple[int, F, asyncio.Task[None]]] = {}

    @property
    def followers(self) -> list[F]:
        """Those that run."""
        return [follower for _, follower, _ in self._running.values()]

    async def run(self) -> None:
        """Follow clusters as they come and go, until cancelled."""
        while True:
            self._follow()
            await asyncio.sleep(RESCAN_SECONDS)

    def _follow(self) -> None:
        names = cluster_names(self._home)
        for name, (stamp, _, task) in list(self._running.items()):
            if name not in names or task.done() or self._stamp(name) != stamp:
                if task.done() and not task.cancelled():
                    say(f"{name}: ended: {task.exception()!r}; starts again")
                task.cancel()
                del self._running[name]
        for name in names:
            if name not in self._running:
                stamp, cluster = self._stamp(name), self._read(name)
                if cluster is not None:
                    say(f"{name}: found")
                    follower = self._start(cluster)
                    self._running[name] = (stamp, follower, asyncio.create_task(follower.run()))

    def _stamp(self, name: str) -> int:
        """Tell when a cluster was made; one of the same name that was made since is another."""
        try:
            return (self._home.cluster(name) / "cluster.json").stat().st_mtime_ns
        except OSError:  # deleted meanwhile
            return 0

    def _read(self, name: str) -> RunningCluster | None:
        try:
            return read_cluster(self._home, name)
        except (OSError, ValueError, KeyError):  # deleted while it was read
            return None


async def _until_ended(following: Following[F]) -> None:
    main = asyncio.current_task()
    assert main is not None
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, main.cancel)
    await following.run()


def follow(title: str, following: Following[F]) -> None:
    """Run until asked to end."""
    say(title)
    try:
        asyncio.run(_until_ended(following))
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit(0)
    except SandboxError as error:
        sys.exit(str(error))
