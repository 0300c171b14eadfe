"""
What names resolve to, as a pod's resolver would tell: the sandbox has no DNS.

Names of AWS' load balancers are those that the sandbox's own balancers wrote down, names of kind's
nodes those that Docker would answer for; real DNS is never asked for them. Any other name is this
machine's matter.
"""

import asyncio
import socket

from sandbox.balancers import hostnames
from sandbox.home import Home
from sandbox.mirror import node_names


async def resolve(host: str) -> list[str]:
    """Give the addresses of a name; none if it does not resolve."""
    if hostnames.is_ours(host):
        return hostnames.resolve(Home.current(), host)
    if node_names.is_node(f"//{host}"):
        return await asyncio.to_thread(node_names.addresses, Home.current(), host)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in found]
