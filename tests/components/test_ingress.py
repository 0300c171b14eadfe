"""Rules for calls from outside: which ports and addresses they may name."""

from typing import Any

import pytest

from linkmesh.ingress import SecurityGroupIngressRule


def rule(**overrides: Any) -> SecurityGroupIngressRule:
    """Describe the ordinary rule."""
    ordinary = {
        "name": "gateway",
        "from_port": 4143,
        "cidr_blocks": ("10.20.0.0/16",),
        "description": "east calls the gateway",
    }
    return SecurityGroupIngressRule(**{**ordinary, **overrides})


def test_one_port_is_the_first_and_the_last() -> None:
    assert rule().last_port == 4143
    assert rule(from_port=1025, to_port=65535).last_port == 65535


@pytest.mark.parametrize("block", ["0.0.0.0/0", "::/0"])
def test_the_whole_internet_is_an_error(block: str) -> None:
    with pytest.raises(ValueError, match="must not allow") as error:
        rule(cidr_blocks=("10.20.0.0/16", block))

    assert str(error.value) == (
        f"ingress rule 'gateway' must not allow the whole internet (got {block}). Every address "
        "could call it. Use: the addresses of the callers, e.g. 198.51.100.10/32"
    )


@pytest.mark.parametrize("block", ["0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/7"])
def test_halves_of_the_internet_are_errors(block: str) -> None:
    with pytest.raises(ValueError, match="must be blocks") as error:
        rule(cidr_blocks=("10.0.0.0/8", block))

    assert str(error.value) == (
        f"ingress rule 'gateway' must be blocks of /8 or smaller (got {block}). Two of them can be "
        "the whole internet. Use: the addresses of the callers, e.g. 198.51.100.10/32"
    )


@pytest.mark.parametrize("block", ["10.20.0.1/16", "east", "10.20.0.0/33", ""])
def test_anything_but_a_range_of_addresses_is_an_error(block: str) -> None:
    with pytest.raises(ValueError, match="CIDR") as error:
        rule(cidr_blocks=(block,))

    assert str(error.value) == (
        f"ingress rule 'gateway' must name CIDR blocks whose host bits are zero (got {block!r}). "
        "AWS accepts no others. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 for a network"
    )


@pytest.mark.parametrize(("port", "to_port"), [(0, None), (65536, None), (4191, 4143)])
def test_numbers_that_are_no_ports_are_errors(port: int, to_port: int | None) -> None:
    last = port if to_port is None else to_port
    with pytest.raises(ValueError, match="port") as error:
        rule(from_port=port, to_port=to_port)

    assert str(error.value) == (
        "ingress rule 'gateway' must have ports from 1 to 65535, the smaller one first (got "
        f"{port}-{last}). AWS refuses others. Use: from_port=4143"
    )


@pytest.mark.parametrize("description", ["", "east's pods", "x" * 256])
def test_a_description_that_aws_would_reject_is_an_error(description: str) -> None:
    with pytest.raises(ValueError, match="description") as error:
        rule(description=description)

    assert str(error.value) == (
        "description of ingress rule 'gateway' must be 1 to 255 letters, digits and plain "
        f"punctuation (got {description!r}). AWS refuses others. Use: "
        'description="east calls the gateway"'
    )


def test_a_rule_without_callers_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one CIDR block"):
        rule(cidr_blocks=())


def test_all_problems_are_reported_together() -> None:
    with pytest.raises(ValueError, match="port") as error:
        rule(from_port=0, description="", cidr_blocks=("0.0.0.0/0",))

    assert len(str(error.value).splitlines()) == 3
