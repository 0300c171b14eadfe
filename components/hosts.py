"""
Hosts: the names and addresses at which other machines reach something.

The one definition for descriptions of environments and for arguments of components.
"""

import ipaddress
import re

from . import names
from .ports import LARGEST_PORT

# Source: RFC 6761, 6.3
_LOCAL_NAME = "localhost"

# Source: RFC 3986, 3.2
_AUTHORITY = re.compile(
    r"(\[(?P<address>[0-9a-f:.]*:[0-9a-f:.]*)\]|(?P<name>[^:@/\[\]]+))(:(?P<port>\d{1,5}))?",
    re.ASCII,
)


def is_host(text: str) -> bool:
    """Return whether a text is a DNS name, or an IP address without a zone."""
    if _address(text) is not None:
        return True
    # A name whose last label is a number is no name. Source: WHATWG URL, "host parsing"
    return names.is_domain(text) and not text.rpartition(".")[2].isdigit()


def is_local(text: str) -> bool:
    """Return whether a host means another machine, or none, for each machine that calls it."""
    address = _address(text)
    if address is None:
        return text == _LOCAL_NAME or text.endswith(f".{_LOCAL_NAME}")
    kinds = (address.is_loopback, address.is_unspecified, address.is_link_local)
    return any(kinds) or address.is_multicast


def authority(text: str) -> tuple[str, str] | None:
    """
    Split a host and its port, `api.example.com:6443` or `[2001:db8::1]:6443`.

    Returns: both, an empty text for a port that is not given; None if one of them is not valid.
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return None
    host, port = found["address"] or found["name"], found["port"]
    if not is_host(host) or (port is not None and not 1 <= int(port) <= LARGEST_PORT):
        return None
    return host, port or ""


def addresses_problem(thing: str, text: str) -> str:
    """
    Return why hosts, joined by commas, are not where others reach a gateway; empty if they are.

    Args:
        thing: what has the address, in words.
    """
    hosts = text.split(",")
    if not all(map(is_host, hosts)):
        return (
            f"address in {thing} must be host names or IP addresses, joined by commas (got "
            f'{text!r}). Sources call it, at a port of its own. Use: address="192.0.2.10"'
        )
    if local := [host for host in hosts if is_local(host)]:
        return (
            f"address in {thing} must be one that other machines reach (got {local[0]}). It means "
            'another machine on each, or none. Use: address="192.0.2.10"'
        )
    return ""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if "%" in text else address
