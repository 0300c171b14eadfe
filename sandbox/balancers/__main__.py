"""
Runs the load balancer controllers of every cluster of the sandbox: `python -m sandbox.balancers`.

With `--addresses`, Services get the addresses of their load balancer in place of its name: genuine
mirror controllers would ask DNS for the name, and there is none.
"""

import sys

from sandbox.aws_api import aws_endpoint
from sandbox.balancers.controller import Controller
from sandbox.balancers.identity import NAME
from sandbox.clusters import RunningCluster
from sandbox.following import Following, follow, say
from sandbox.home import Home, SandboxError
from sandbox.mirror.api import Api
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.pods import Player, Pod, Say


def main() -> None:
    """Run until asked to end."""
    home, by_name = Home.current(), "--addresses" not in sys.argv[1:]

    def cloud(region: str) -> Cloud:
        endpoint = aws_endpoint(home)
        if endpoint is None:
            raise SandboxError("the emulated AWS must run (it was never started)")
        credentials = Credentials(access_key="test", secret_key="test")
        return Cloud(endpoint=endpoint, region=region, credentials=credentials, home=home)

    async def play(pod: Pod, api: Api, say: Say) -> None:
        await Controller(pod, api, cloud, by_name=by_name, say=say).run()

    def start(cluster: RunningCluster) -> Player:
        return Player(cluster, f"app.kubernetes.io/name={NAME}", play, say)

    title = "imitated load balancer controllers: load balancers are records, no traffic flows"
    follow(title, Following(home, start))


if __name__ == "__main__":
    main()
