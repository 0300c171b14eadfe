"""What a controller does about one event."""

from typing import Any

import pytest

from sandbox.mirror import decisions, mirrors
from sandbox.mirror.api import ApiError
from sandbox.mirror.decisions import on_endpoints, on_service, repair
from sandbox.mirror.link import Object
from sandbox.mirror.work import Work
from sandbox.mirror.writer import TryAgainError
from sandbox.tests.mirror.objects import (
    EXPORTED,
    FLAT,
    GATEWAY,
    by_key,
    dealt,
    endpoints,
    link,
    no_address,
    returned,
    service,
    work,
)

MIRROR = returned(mirrors.mirror_service(link(), service()))
SUBSET = mirrors.gateway_subset(link(), service(), [GATEWAY], alive=True)
MIRROR_ENDPOINTS = returned(mirrors.mirror_endpoints(link(), service(), [SUBSET]))
EMPTY = returned(mirrors.mirror_endpoints(link(), service(), []))


def mirrored(**overrides: Any) -> Work:
    told = {
        "local_services": by_key(MIRROR),
        "local_endpoints": by_key(MIRROR_ENDPOINTS),
        **overrides,
    }
    return work(**told)


def test_a_service_without_ready_pods_gets_a_mirror_without_addresses() -> None:
    made = dealt(on_service, work(endpoints=by_key(endpoints(ready=False))), service())

    assert made.told[-1] == ("status", "db", "Mirrored", "")
    assert made.written[1]["subsets"] == []


def test_a_service_seen_before_is_left_alone() -> None:
    assert dealt(on_service, mirrored(), service()).told == []


def test_a_service_that_becomes_flat_loses_its_endpoints() -> None:
    made = dealt(on_service, mirrored(), service(labels=FLAT, version="101"))

    assert made.told[:2] == [("delete", "endpoints", "db-east"), ("update", "services", "db-east")]


def test_a_mirror_of_another_cluster_is_not_removed() -> None:
    other = mirrors.mirror_service(link(target="south"), service())
    own_name = {**other, "metadata": {**other["metadata"], "name": "db-east"}}

    there = work(local_services=by_key(returned(own_name)))
    assert dealt(on_service, there, service(labels={})).told == []


def test_a_service_that_lost_its_pods_empties_the_mirror() -> None:
    made = dealt(on_endpoints, mirrored(), endpoints(ready=False))

    assert [one["subsets"] for one in made.written] == [[]]


def test_a_service_that_got_its_first_pod_fills_the_mirror() -> None:
    made = dealt(on_endpoints, mirrored(local_endpoints=by_key(EMPTY)), endpoints())

    assert [one["subsets"] for one in made.written] == [[SUBSET]]


@pytest.mark.parametrize(
    "seen",
    [
        endpoints(),
        endpoints(ready=False, labels={}),
        endpoints(ready=False, labels=FLAT),
        endpoints(ready=False, labels={**EXPORTED, "service.kubernetes.io/headless": ""}),
    ],
)
def test_more_pods_and_endpoints_of_other_services_change_nothing(seen: Object) -> None:
    assert dealt(on_endpoints, mirrored(), seen).told == []


def test_endpoints_of_a_mirror_not_yet_made_are_looked_at_later() -> None:
    with pytest.raises(TryAgainError, match="yelb/db-east not found"):
        dealt(on_endpoints, work(), endpoints())


def test_a_repair_writes_new_addresses_and_those_of_the_probe() -> None:
    made = dealt(repair, mirrored(addresses=lambda: ["192.0.2.11"]), "probe-east")

    assert made.told == [("create", "endpoints", "probe-east"), ("update", "endpoints", "db-east")]
    assert made.written[1]["subsets"][0]["addresses"] == [{"ip": "192.0.2.11"}]


def test_a_repair_leaves_alone_what_is_right_and_flat_mirrors() -> None:
    probe = returned(mirrors.probe_endpoints(link(), "probe-east", [GATEWAY]))
    flat = returned(mirrors.mirror_service(link(), service(labels=FLAT)))
    right = mirrored(local_endpoints=by_key(MIRROR_ENDPOINTS, probe))
    moved = mirrored(local_services=by_key(flat), addresses=lambda: ["192.0.2.11"])

    assert dealt(repair, right, "probe-east").told == []
    assert dealt(repair, moved, "").told == []


def test_a_repair_empties_mirrors_of_services_without_pods() -> None:
    made = dealt(repair, mirrored(endpoints=by_key(endpoints(ready=False))), "")

    assert [one["subsets"] for one in made.written] == [[]]


def test_an_unexported_service_is_no_orphan() -> None:
    unexported = by_key(service(labels={}))

    assert dealt(decisions.orphans, mirrored(services=unexported)).told == []


def test_a_gateway_without_an_address_is_told_in_the_status() -> None:
    there = work(addresses=no_address)

    with pytest.raises(TryAgainError):
        dealt(on_service, there, service())
    message = "Failed to create mirror endpoints: no address"
    assert vars(there.writer)["told"][1:] == [("status", "db", "Error", message)]


def test_a_mirror_whose_endpoints_are_refused_goes_again() -> None:
    there = work(refuses="endpoints")

    with pytest.raises(ApiError):
        dealt(on_service, there, service())
    assert vars(there.writer)["told"][1:] == [
        ("create", "endpoints", "db-east"),
        ("delete", "services", "db-east"),
        ("status", "db", "Error", "Failed to create mirror endpoints: no"),
    ]
