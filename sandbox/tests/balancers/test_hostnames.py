"""What host names resolve to."""

from pathlib import Path

from sandbox.balancers.hostnames import forget, keep, resolve
from sandbox.balancers.subnets import Subnet
from sandbox.home import Home

SUBNETS = [
    Subnet(id=f"s-{zone}", zone=zone, cidr=f"10.0.{number}.0/28")
    for number, zone in enumerate("abc")
]


def test_an_internal_name_has_an_address_of_each_subnet(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keep(home, "a.elb", "internal", SUBNETS)

    assert resolve(home, "A.elb.") == ["10.0.0.14", "10.0.1.14", "10.0.2.14"]
    assert keep(home, "b.elb", "internal", SUBNETS[:1]) == ["10.0.0.13"]


def test_a_public_name_has_documentation_addresses_of_its_own(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = keep(home, "a.elb", "internet-facing", SUBNETS)

    assert first == ["203.0.113.254", "198.51.100.254", "192.0.2.254"]
    assert not set(keep(home, "b.elb", "internet-facing", SUBNETS)) & set(first)


def test_a_name_keeps_its_addresses(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keep(home, "z.elb", "internet-facing", SUBNETS)
    before = keep(home, "a.elb", "internet-facing", SUBNETS)
    forget(home, "z.elb")

    assert keep(home, "a.elb", "internet-facing", SUBNETS) == before
    assert resolve(home, "z.elb") == []
