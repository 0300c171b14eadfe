"""Runs the mirror controllers of every cluster of the sandbox: `python -m sandbox.mirror`."""

from sandbox.balancers import hostnames
from sandbox.clusters import RunningCluster
from sandbox.following import Following, follow, say
from sandbox.home import Home
from sandbox.mirror import gateways
from sandbox.mirror.source import Source


def main() -> None:
    """Run until asked to end."""
    home = Home.current()

    def answers(address: str, port: int, path: str) -> bool:
        clusters = [source.reachable() for source in following.followers]
        return gateways.answers(
            clusters, address, port, path, lambda name: hostnames.resolve(home, name)
        )

    def start(cluster: RunningCluster) -> Source:
        return Source(cluster, answers, say)

    following = Following(home, start)
    title = "imitated mirror controllers: Services and Endpoints are written, no traffic flows"
    follow(title, following)


if __name__ == "__main__":
    main()
