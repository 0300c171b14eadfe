"""Mirrors of headless services: one for the service, one for each named pod."""

from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.mirror import decisions, mirrors
from sandbox.mirror.link import Object
from sandbox.mirror.steps import Attempt, Failed, Skipped, Status, Step, View, Write
from sandbox.tests.mirror.objects import EXPORTED, FLAT, GATEWAY, by_key, link, service, view

HEADLESS = {**EXPORTED, "service.kubernetes.io/headless": ""}


def stateful(**overrides: Any) -> Object:
    return service("web", clusterIP="None", **overrides)


def pods(*hosts: str, ready: bool = True, labels: dict[str, str] | None = None) -> Object:
    addresses = [
        {"ip": f"10.0.0.{number}", "targetRef": {"name": host}, "hostname": host}
        for number, host in enumerate(hosts, 1)
    ]
    subset = {"addresses" if ready else "notReadyAddresses": addresses, "ports": [{"port": 5432}]}
    metadata = {
        "name": "web",
        "namespace": "yelb",
        "labels": HEADLESS if labels is None else labels,
        "resourceVersion": "9",
    }
    return {"metadata": metadata, "subsets": [subset] if hosts else []}


def knowing(**overrides: Any) -> View:
    told = {
        "services": by_key(stateful()),
        "endpoints": by_key(pods("web-0", "web-1")),
        "mirrors_headless": True,
        **overrides,
    }
    return view(**told)


def local(name: str, **labels: str) -> Object:
    metadata = {"name": name, "namespace": "yelb", "labels": dict(labels)}
    return {"metadata": metadata, "spec": {"clusterIP": f"ip-of-{name}"}}


def mirrored(*names: str, **overrides: Any) -> View:
    """Give a view with the mirror, its Endpoints and the mirrors of some pods."""
    root = {mirrors.MIRRORED: "true", mirrors.CLUSTER: "east"}
    headless = local("web-east", **root)
    headless["spec"]["clusterIP"] = "None"
    one = {**root, mirrors.HEADLESS_MIRROR: "web-east"}
    own = mirrors.mirror_endpoints(link(), stateful(), [])
    own["metadata"]["resourceVersion"] = "3"
    return knowing(
        local_services=by_key(headless, *(local(name, **one) for name in names)),
        local_endpoints=by_key(own),
        **overrides,
    )


def told(steps: Sequence[Step]) -> list[tuple[str, ...]]:
    short: list[tuple[str, ...]] = []
    for step in steps:
        match step:
            case Write():
                short.append((step.verb, step.kind, step.object["metadata"]["name"]))
            case Attempt():
                short += told(step.writes)
            case Status(condition=condition):
                short.append(("status", condition["message"] if condition else "gone"))
            case Skipped():
                short.append(("event", step.message))
            case Failed():
                short.append(("failed", step.message))
    return short


def listed(step: Step, *services: str) -> list[Object]:
    """Give the subsets of Endpoints once the mirrors of these pods were made."""
    assert isinstance(step, Write)
    assert step.finish is not None
    now = knowing(local_services=by_key(*(local(name) for name in services)))
    return list(step.finish(now)["subsets"])


def test_without_the_flag_a_headless_service_gets_an_ordinary_mirror() -> None:
    unaware = knowing(mirrors_headless=False)

    steps = decisions.on_service(link(), unaware, stateful())

    assert told(steps)[:2] == [
        ("create", "services", "web-east"),
        ("create", "endpoints", "web-east"),
    ]
    assert decisions.on_endpoints(link(), unaware, pods("web-0")) == []


def test_a_pod_whose_mirror_could_not_be_made_is_not_listed() -> None:
    last = decisions.on_endpoints(link(), knowing(), pods("web-0", "web-1"))[-1]

    assert [one["hostname"] for one in listed(last, "web-1-east")[0]["addresses"]] == ["web-1"]


def test_the_list_is_not_ready_while_the_gateway_is_down() -> None:
    steps = decisions.on_endpoints(link(), mirrored("web-0-east", alive=False), pods("web-0"))

    assert list(listed(steps[-1], "web-0-east")[0]) == ["notReadyAddresses", "ports"]


def test_pods_without_names_make_an_ordinary_mirror() -> None:
    unnamed = pods("", "")

    steps = decisions.on_endpoints(link(), knowing(endpoints=by_key(unnamed)), unnamed)

    assert told(steps) == [("create", "services", "web-east"), ("create", "endpoints", "web-east")]
    assert isinstance(steps[0], Write)
    assert "clusterIP" not in steps[0].object["spec"]


def test_a_service_without_pods_gets_endpoints_before_its_mirror_as_with_linkerd() -> None:
    none = pods()

    steps = decisions.on_endpoints(link(), knowing(endpoints=by_key(none)), none)

    assert told(steps) == [("create", "endpoints", "web-east")]


def test_a_service_without_ports_is_told_by_an_event() -> None:
    bare = stateful()
    del bare["spec"]["ports"]

    steps = decisions.on_endpoints(link(), knowing(services=by_key(bare)), pods("web-0"))

    assert told(steps) == [("event", "Skipped mirroring service: object spec has no exposed ports")]


def test_endpoints_whose_service_is_gone_are_not_looked_at_again() -> None:
    with pytest.raises(ValueError, match="service yelb/web not found on the target"):
        decisions.on_endpoints(link(), knowing(services={}), pods("web-0"))


def test_a_flat_headless_service_gets_no_mirror_with_the_flag_as_with_linkerd() -> None:
    flat = {**FLAT, "service.kubernetes.io/headless": ""}

    assert decisions.on_endpoints(link(), knowing(), pods("web-0", labels=flat)) == []


def test_a_repair_keeps_the_mirrors_of_pods_leading_to_the_gateway() -> None:
    view = mirrored("web-0-east")
    pod = view.local_services["yelb", "web-0-east"]
    pod["spec"]["ports"] = [{"name": "tcp", "port": 5432}]
    own = {"metadata": {**pod["metadata"], "resourceVersion": "4"}, "subsets": []}

    (write,) = decisions.repair(link(), _with(view, own), "")

    assert isinstance(write, Write)
    assert write.object["subsets"][0]["addresses"] == [{"ip": GATEWAY}]


def _with(view: View, endpoints: Object) -> View:
    key = (endpoints["metadata"]["namespace"], endpoints["metadata"]["name"])
    return View(**{**vars(view), "local_endpoints": {**view.local_endpoints, key: endpoints}})
