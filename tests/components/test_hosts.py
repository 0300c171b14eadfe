"""Hosts: what is one, and what other machines do not reach."""

import pytest

from linkmesh.hosts import authority, is_host, is_local


@pytest.mark.parametrize("text", ["a", "a.test", "1a.test", "192.0.2.1", "2001:db8::1", "a" * 63])
def test_names_and_addresses_are_hosts(text: str) -> None:
    assert is_host(text)
    assert not is_local(text)


@pytest.mark.parametrize("text", ["", "A", "a..b", "a_b", "192.0.2", "fe80::1%eth0", "a" * 64])
def test_anything_else_is_none(text: str) -> None:
    assert not is_host(text)


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "169.254.1.1", "fe80::1", "224.0.0.1"],
)
def test_no_router_leads_to_an_address_of_the_machine_itself(text: str) -> None:
    assert is_local(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.test", ("a.test", "")),
        ("a.test:1", ("a.test", "1")),
        ("[2001:db8::1]:65535", ("2001:db8::1", "65535")),
        ("a.test:0", None),
        ("a.test:65536", None),
        ("a.test:", None),
        ("a:b", None),
        ("2001:db8::1", None),
        ("[a.test]:1", None),
        ("a.test:" + "9" * 5000, None),
    ],
)
def test_a_host_may_have_a_port(text: str, parts: tuple[str, str] | None) -> None:
    assert authority(text) == parts
