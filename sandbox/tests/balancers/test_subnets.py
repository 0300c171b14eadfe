"""Which subnets a load balancer gets."""

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.subnets import Subnet, discovered


def test_one_subnet_a_zone_is_chosen_by_role() -> None:
    tags = {"kubernetes.io/role/internal-elb": "1"}
    some = [
        Subnet(id=id, zone=zone, cidr="10.0.0.0/24", tags=tags if id != "s-0" else {})
        for id, zone in (("s-3", "b"), ("s-2", "a"), ("s-1", "a"), ("s-0", "c"))
    ]

    assert [each.id for each in discovered(some, "internal")] == ["s-1", "s-3"]
    with pytest.raises(ModelError, match=r"^unable to resolve at least one subnet$"):
        discovered(some, "internet-facing")
