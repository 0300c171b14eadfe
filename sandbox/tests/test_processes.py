"""
Free ports are free a moment later too.
"""

import socket
from pathlib import Path

import pytest

from sandbox import processes
from sandbox.processes import FIRST_EPHEMERAL_PORT, free_port, free_ports


def test_ports_differ_and_are_none_of_those_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_PORT", FIRST_EPHEMERAL_PORT - 8)
    taken = [FIRST_EPHEMERAL_PORT - 1, FIRST_EPHEMERAL_PORT - 2]
    monkeypatch.setattr(processes, "_is_free", lambda port: True)

    ports = free_ports(6, taken=taken)

    assert sorted(ports) == list(range(FIRST_EPHEMERAL_PORT - 8, FIRST_EPHEMERAL_PORT - 2))


def test_a_port_that_somebody_listens_on_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not processes._is_free(port)


def test_a_port_is_none_that_outgoing_connections_get() -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if first < FIRST_EPHEMERAL_PORT:
        pytest.skip("this machine hands out lower ports than Linux does by default")

    assert all(port < first for port in free_ports(20))
