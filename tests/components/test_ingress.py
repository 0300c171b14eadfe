"""Rules for calls from outside: which ports and addresses they may name."""

from typing import Any

import pytest

from components.ingress import IngressRule


def rule(**overrides: Any) -> IngressRule:
    """Describe the ordinary rule."""
    ordinary = {
        "name": "gateway",
        "port": 4143,
        "blocks": ("10.20.0.0/16",),
        "why": "east calls the gateway",
    }
    return IngressRule(**{**ordinary, **overrides})


def test_one_port_is_the_first_and_the_last() -> None:
    assert rule().last_port == 4143
    assert rule(port=1025, to_port=65535).last_port == 65535


@pytest.mark.parametrize("block", ["0.0.0.0/0", "::/0"])
def test_the_whole_internet_is_refused(block: str) -> None:
    with pytest.raises(ValueError, match="must not admit") as refused:
        rule(blocks=("10.20.0.0/16", block))

    assert str(refused.value) == (
        f"ingress rule 'gateway' must not admit the whole internet (got {block}). Anybody could "
        "call it. Name the addresses that do: 198.51.100.10/32"
    )


@pytest.mark.parametrize("block", ["10.20.0.1/16", "east", "10.20.0.0/33", ""])
def test_anything_but_a_range_of_addresses_is_refused(block: str) -> None:
    with pytest.raises(ValueError, match="CIDR") as refused:
        rule(blocks=(block,))

    assert str(refused.value) == (
        f"ingress rule 'gateway' must name CIDR blocks whose host bits are zero (got {block!r}). "
        "AWS admits ranges of addresses only. Use: 198.51.100.10/32 for one address, 10.20.0.0/16 "
        "for many"
    )


@pytest.mark.parametrize(("port", "to_port"), [(0, None), (65536, None), (4191, 4143)])
def test_ports_that_are_none_are_refused(port: int, to_port: int | None) -> None:
    last = port if to_port is None else to_port
    with pytest.raises(ValueError, match="port") as refused:
        rule(port=port, to_port=to_port)

    assert str(refused.value) == (
        "ingress rule 'gateway' must go from a port to one that is not below it, in 1-65535 (got "
        f"{port}-{last}). AWS refuses others. Use: port=4143"
    )


@pytest.mark.parametrize("why", ["", "east's pods", "x" * 256])
def test_a_reason_that_aws_would_refuse_is_refused(why: str) -> None:
    with pytest.raises(ValueError, match="why") as refused:
        rule(why=why)

    assert str(refused.value) == (
        "ingress rule 'gateway' must say why in at most 255 letters, digits and plain punctuation "
        f'(got {why!r}). AWS refuses other descriptions. Use: why="east calls the gateway"'
    )


def test_a_rule_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one CIDR block"):
        rule(blocks=())


def test_several_problems_are_told_together() -> None:
    with pytest.raises(ValueError, match="port") as refused:
        rule(port=0, why="", blocks=("0.0.0.0/0",))

    assert len(str(refused.value).splitlines()) == 3
