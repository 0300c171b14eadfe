"""Which subnets a load balancer gets."""

from __future__ import annotations

import pytest

from sandbox.balancers.annotations import ModelError
from sandbox.balancers.subnets import Subnet, discovered, named

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


def test_without_role_tags_routes_decide_if_they_are_asked() -> None:
    some = [subnet("s-1", tags={}), subnet("s-2", "b", tags={})]

    assert ids(discovered(some, "internet-facing", "west", public=lambda: {"s-2"})) == ["s-2"]
    with pytest.raises(ModelError, match=r"^unable to resolve at least one subnet$"):
        discovered(some, "internet-facing", "west")


def test_a_subnet_that_is_full_is_said_to_be() -> None:
    with pytest.raises(ModelError, match=r"Evaluated 1 subnets: 0 .* and 1 have insufficient"):
        discovered([subnet("s-1", free=7)], "internal", "west")


def test_named_subnets_are_found_by_id_or_name() -> None:
    some = [subnet("subnet-1"), subnet("subnet-2", "b", tags={"Name": "b"})]

    assert ids(named(some, ["b", "subnet-1"])) == ["subnet-1", "subnet-2"]
    with pytest.raises(ModelError, match="subnet with Name tag not found: c"):
        named(some, ["c"])
    with pytest.raises(
        ModelError, match=r"multiple subnets in same Availability Zone a: \[s-1 s-2"
    ):
        named([subnet("s-1"), subnet("s-2")], ["s-1", "s-2"])
