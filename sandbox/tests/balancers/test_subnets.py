"""Which subnets a load balancer gets."""

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.subnets import Subnet, discovered

INTERNAL = {"kubernetes.io/role/internal-elb": "1"}


def subnet(id: str, zone: str = "a", free: int = 250, **more: dict[str, str]) -> Subnet:
    tags = more.get("tags", INTERNAL)
    return Subnet(id=id, zone=zone, cidr="10.0.0.0/24", tags=tags, free_addresses=free)


def ids(found: list[Subnet]) -> list[str]:
    return [each.id for each in found]


def test_one_subnet_a_zone_is_chosen_by_role() -> None:
    some = [subnet("s-3", "b"), subnet("s-2"), subnet("s-1"), subnet("s-0", "c", tags={})]

    assert ids(discovered(some, "internal", "west")) == ["s-1", "s-3"]


def test_the_clusters_own_subnet_is_taken_first_and_anothers_never() -> None:
    own = {**INTERNAL, "kubernetes.io/cluster/west": "shared"}
    other = {**INTERNAL, "kubernetes.io/cluster/east": "shared"}
    some = [subnet("s-1"), subnet("s-2", tags=own), subnet("s-0", "b", tags=other)]

    assert ids(discovered(some, "internal", "west")) == ["s-2"]


def test_what_keeps_a_balancer_from_a_subnet_is_said() -> None:
    with pytest.raises(ModelError, match=r"^unable to resolve at least one subnet$"):
        discovered([subnet("s-1", tags={})], "internet-facing", "west")
    with pytest.raises(ModelError, match=r"Evaluated 1 subnets: 0 .* and 1 have insufficient"):
        discovered([subnet("s-1", free=7)], "internal", "west")
