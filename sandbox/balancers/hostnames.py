"""
What the host names of load balancers resolve to: a file of the sandbox in place of DNS.

An internal balancer has one address of each of its subnets, an internet-facing one addresses of the
documentation ranges (RFC 5737), taken from their end, since KWOK gives them out from the beginning.
"""

import json
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from sandbox import kwok
from sandbox.balancers.subnets import Subnet
from sandbox.files import write_atomically
from sandbox.home import Home, SandboxError, locked

DOMAIN = ".amazonaws.com"
FILE = "hostnames.json"

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_AT_START = 4


def resolve(home: Home, name: str) -> list[str]:
    """Give the addresses of a name; none if no balancer has it."""
    return _read(home).get(name.lower().rstrip("."), [])


def is_ours(name: str) -> bool:
    """Tell whether a name can only be a load balancer's, which real DNS must not be asked for."""
    return name.lower().rstrip(".").endswith(DOMAIN)


def keep(home: Home, name: str, scheme: str, subnets: Sequence[Subnet]) -> list[str]:
    """Give a name its addresses, the same again while its subnets stay; write them down."""
    with locked(home, "hostnames"):
        known = _read(home)
        mine = known.pop(name, [])
        used = {address for addresses in known.values() for address in addresses}
        found: list[str] = []
        for subnet in subnets:
            pool = _public() if scheme == "internet-facing" else _inside(subnet)
            free = [each for each in pool if each not in used and each not in found]
            if not free:
                raise SandboxError(
                    f"a load balancer must have an address in each subnet ({subnet.id} has no more "
                    "for it). All are given out. Delete Services that nobody uses."
                )
            found.append(next((each for each in mine if each in free), free[0]))
        _write(home, {**known, name: found})
    return found


def forget(home: Home, name: str) -> None:
    """Let a name resolve to nothing."""
    with locked(home, "hostnames"):
        _write(home, {key: value for key, value in _read(home).items() if key != name})


def _public() -> list[str]:
    return kwok.load_balancer_addresses()[::-1]


def _inside(subnet: Subnet) -> list[str]:
    # From the end: nodes and pods get theirs from the beginning.
    addresses = list(IPv4Network(subnet.cidr))[RESERVED_AT_START:-1]
    return [str(each) for each in reversed(addresses)]


def _read(home: Home) -> dict[str, list[str]]:
    try:
        return dict(json.loads((home.aws / FILE).read_text()))
    except FileNotFoundError:
        return {}


def _write(home: Home, names: Mapping[str, Sequence[str]]) -> None:
    write_atomically(home.aws / FILE, json.dumps(names, sort_keys=True, indent=1))
