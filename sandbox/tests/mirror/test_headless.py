"""Mirrors of headless services: one for the service, one for each named pod."""

from typing import Any

import pytest

from sandbox.mirror import mirrors
from sandbox.mirror.decisions import on_endpoints, on_service, repair
from sandbox.mirror.link import Object
from sandbox.mirror.work import Work
from sandbox.tests.mirror.objects import (
    EXPORTED,
    FLAT,
    GATEWAY,
    by_key,
    dealt,
    link,
    local,
    service,
    work,
)

HEADLESS = {**EXPORTED, "service.kubernetes.io/headless": ""}
ROOT = {mirrors.MIRRORED: "true", mirrors.CLUSTER: "east"}
MADE_FIRST = [("create", "services", "web-east"), ("create", "endpoints", "web-east")]


def stateful() -> Object:
    return service("web", clusterIP="None")


def pods(*hosts: str, labels: dict[str, str] = HEADLESS) -> Object:
    addresses = [
        {"ip": f"10.0.0.{number}", "targetRef": {"name": host}, "hostname": host}
        for number, host in enumerate(hosts, 1)
    ]
    subset = {"addresses": addresses, "ports": [{"port": 5432}]}
    metadata = {"name": "web", "namespace": "yelb", "labels": labels, "resourceVersion": "9"}
    return {"metadata": metadata, "subsets": [subset] if hosts else []}


def knowing(**overrides: Any) -> Work:
    return work(**{"services": by_key(stateful()), "mirrors_headless": True, **overrides})


def mirrored(*names: str, **overrides: Any) -> Work:
    """Know the mirror, its Endpoints and the mirrors of some pods."""
    one = {**ROOT, mirrors.HEADLESS_MIRROR: "web-east"}
    headless = local("web-east", ROOT, cluster_ip="None")
    own = mirrors.mirror_endpoints(link(), stateful(), [])
    return knowing(
        local_services=by_key(headless, *(local(name, one) for name in names)),
        local_endpoints=by_key(own),
        **overrides,
    )


def test_without_the_flag_a_headless_service_gets_an_ordinary_mirror() -> None:
    unaware = knowing(mirrors_headless=False)

    assert dealt(on_service, unaware, stateful()).told[:2] == MADE_FIRST
    assert dealt(on_endpoints, knowing(mirrors_headless=False), pods("web-0")).told == []


def test_the_list_is_not_ready_while_the_gateway_is_down() -> None:
    made = dealt(on_endpoints, mirrored("web-0-east", alive=False), pods("web-0"))

    assert made.written[-1]["subsets"] == [
        {
            "notReadyAddresses": [{"ip": "ip-of-web-0-east", "hostname": "web-0"}],
            "ports": [{"port": 5432}],
        }
    ]


def test_a_pod_whose_mirror_could_not_be_made_is_not_listed() -> None:
    there = by_key(local("web-east", cluster_ip="None"), local("web-1-east"))
    one_is_there = knowing(local_services=there, refuses="services")

    made = dealt(on_endpoints, one_is_there, pods("web-0", "web-1"))

    assert [one["hostname"] for one in made.written[-1]["subsets"][0]["addresses"]] == ["web-1"]


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (pods("", ""), MADE_FIRST),  # pods without names
        (pods(), MADE_FIRST[1:]),  # no pods: Endpoints before the mirror, as with Linkerd
        (pods("web-0", labels={**FLAT, "service.kubernetes.io/headless": ""}), []),
    ],
)
def test_other_headless_services_get_what_linkerd_makes(
    seen: Object, told: list[tuple[str, ...]]
) -> None:
    assert dealt(on_endpoints, knowing(endpoints=by_key(seen)), seen).told == told


def test_a_service_without_ports_is_told_by_an_event() -> None:
    bare = stateful()
    del bare["spec"]["ports"]

    assert dealt(on_endpoints, knowing(services=by_key(bare)), pods("web-0")).told == [
        ("event", "web", "Skipped mirroring service: object spec has no exposed ports")
    ]


def test_endpoints_whose_service_is_gone_are_not_looked_at_again() -> None:
    with pytest.raises(ValueError, match="service yelb/web not found on the target"):
        dealt(on_endpoints, knowing(services={}), pods("web-0"))


def test_a_repair_keeps_the_mirrors_of_pods_leading_to_the_gateway() -> None:
    there = mirrored("web-0-east")
    pod = there.local_services["yelb", "web-0-east"]
    pod["spec"]["ports"] = [{"name": "tcp", "port": 5432}]
    own = {"metadata": {**pod["metadata"], "resourceVersion": "4"}, "subsets": []}
    known = Work(**{**vars(there), "local_endpoints": by_key(own)})

    (written,) = dealt(repair, known, "").written

    assert written["subsets"][0]["addresses"] == [{"ip": GATEWAY}]
