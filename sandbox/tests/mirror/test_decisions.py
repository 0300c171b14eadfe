"""What a controller does about one event."""

from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.mirror import decisions, mirrors
from sandbox.mirror.link import Object
from sandbox.mirror.steps import Failed, Skipped, Status, Step, TryAgainError, View, Write
from sandbox.tests.mirror.objects import (
    EXPORTED,
    FLAT,
    GATEWAY,
    by_key,
    endpoints,
    link,
    service,
    view,
    written,
)

MIRROR = written(mirrors.mirror_service(link(), service()))
SUBSET = mirrors.gateway_subset(link(), service(), [GATEWAY], alive=True)
MIRROR_ENDPOINTS = written(mirrors.mirror_endpoints(link(), service(), [SUBSET]))


def mirrored(**overrides: Any) -> View:
    told = {
        "local_services": by_key(MIRROR),
        "local_endpoints": by_key(MIRROR_ENDPOINTS),
        **overrides,
    }
    return view(**told)


def told(steps: Sequence[Step]) -> list[tuple[str, ...]]:
    """Shorten steps to what they do."""
    short: list[tuple[str, ...]] = []
    for step in steps:
        match step:
            case Write():
                short.append((step.verb, step.kind, step.object["metadata"]["name"]))
            case Status(condition=None):
                short.append(("forget", step.about.name))
            case Status(condition=condition) if condition is not None:
                short.append(("status", step.about.name, condition["reason"]))
            case Skipped():
                short.append(("event", step.service["metadata"]["name"]))
            case Failed():
                short.append(("failed", step.message))
    return short


def objects(steps: Sequence[Step], kind: str) -> list[Object]:
    return [step.object for step in steps if isinstance(step, Write) and step.kind == kind]


def test_a_service_without_ready_pods_gets_a_mirror_without_addresses() -> None:
    steps = decisions.on_service(link(), view(endpoints=by_key(endpoints(ready=False))), service())

    assert objects(steps, "endpoints")[0]["subsets"] == []


def test_a_service_seen_before_is_left_alone() -> None:
    assert decisions.on_service(link(), mirrored(), service()) == []


def test_a_service_that_becomes_flat_loses_its_endpoints() -> None:
    steps = decisions.on_service(link(), mirrored(), service(labels=FLAT, version="101"))

    assert told(steps)[:2] == [
        ("delete", "endpoints", "db-east"),
        ("update", "services", "db-east"),
    ]


def test_a_mirror_of_another_cluster_is_not_removed() -> None:
    other = mirrors.mirror_service(link(target="south"), service())
    own_name = {**other, "metadata": {**other["metadata"], "name": "db-east"}}

    steps = decisions.on_service(
        link(), view(local_services=by_key(written(own_name))), service(labels={})
    )
    assert steps == []


def test_a_service_that_lost_its_pods_empties_the_mirror() -> None:
    steps = decisions.on_endpoints(link(), mirrored(), endpoints(ready=False))

    assert objects(steps, "endpoints")[0]["subsets"] == []


def test_a_service_that_got_its_first_pod_fills_the_mirror() -> None:
    empty = written(mirrors.mirror_endpoints(link(), service(), []))

    steps = decisions.on_endpoints(link(), mirrored(local_endpoints=by_key(empty)), endpoints())
    assert objects(steps, "endpoints")[0]["subsets"] == [SUBSET]


def test_more_pods_change_nothing() -> None:
    assert decisions.on_endpoints(link(), mirrored(), endpoints()) == []


@pytest.mark.parametrize("labels", [{}, FLAT, {**EXPORTED, "service.kubernetes.io/headless": ""}])
def test_endpoints_of_other_services_are_not_looked_at(labels: dict[str, str]) -> None:
    assert decisions.on_endpoints(link(), mirrored(), endpoints(ready=False, labels=labels)) == []


def test_endpoints_of_a_mirror_not_yet_made_are_looked_at_later() -> None:
    with pytest.raises(TryAgainError, match="yelb/db-east not found"):
        decisions.on_endpoints(link(), view(), endpoints())


def test_a_repair_writes_new_addresses_and_those_of_the_probe() -> None:
    moved = mirrored(addresses=lambda: ["192.0.2.11"])

    steps = decisions.repair(link(gateway_address="192.0.2.11"), moved, "probe-east")
    assert told(steps) == [
        ("create", "endpoints", "probe-east"),
        ("update", "endpoints", "db-east"),
    ]
    assert objects(steps, "endpoints")[1]["subsets"][0]["addresses"] == [{"ip": "192.0.2.11"}]


def test_a_repair_with_nothing_to_repair_writes_nothing() -> None:
    probe = mirrors.probe_endpoints(link(), "probe-east", [GATEWAY])
    local = by_key(MIRROR_ENDPOINTS, written(probe))

    assert decisions.repair(link(), mirrored(local_endpoints=local), "probe-east") == []


def test_a_repair_leaves_flat_mirrors_alone() -> None:
    flat = written(mirrors.mirror_service(link(), service(labels=FLAT)))

    moved = mirrored(local_services=by_key(flat), addresses=lambda: ["192.0.2.11"])
    assert decisions.repair(link(), moved, "") == []


def test_a_repair_empties_mirrors_of_services_without_pods() -> None:
    steps = decisions.repair(link(), mirrored(endpoints=by_key(endpoints(ready=False))), "")

    assert [one["subsets"] for one in objects(steps, "endpoints")] == [[]]


def test_an_unexported_service_is_no_orphan() -> None:
    unexported = by_key(service(labels={}))

    assert decisions.orphans(link(), mirrored(services=unexported)) == []


def test_a_gateway_without_an_address_is_told_in_the_status() -> None:
    def nowhere() -> Sequence[str]:
        raise TryAgainError("cannot resolve 'nowhere'")

    steps = decisions.on_service(link(), view(addresses=nowhere), service())
    assert told(steps)[1] == (
        "failed",
        "Failed to create mirror endpoints: cannot resolve 'nowhere'",
    )


def test_a_mirror_whose_endpoints_are_refused_goes_again() -> None:
    steps = decisions.on_service(link(), view(), service())

    refused = steps[1]
    assert isinstance(refused, Write)
    assert refused.undo is not None
    assert (refused.undo.verb, refused.undo.object["metadata"]["name"]) == ("delete", "db-east")


def test_pods_that_come_while_the_mirror_is_written_are_seen() -> None:
    steps = decisions.on_service(link(), view(endpoints={}), service())

    last = steps[1]
    assert isinstance(last, Write)
    assert last.finish is not None
    assert last.object["subsets"] == []
    assert last.finish(view())["subsets"] == [SUBSET]
