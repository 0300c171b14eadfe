"""The objects of one exported service: labels, annotations, ports, addresses, status."""

import pytest

from sandbox.mirror import mirrors
from sandbox.mirror.link import Object
from sandbox.tests.mirror.objects import link, service


def test_ports_are_copied_without_their_application_protocol() -> None:
    mirror = mirrors.mirror_service(link(), service())

    assert mirror["spec"] == {
        "ports": [{"name": "tcp", "port": 5432, "protocol": "TCP", "targetPort": 5432}]
    }


def test_how_a_service_spreads_its_calls_stays_behind() -> None:
    told = service(
        sessionAffinity="ClientIP",
        internalTrafficPolicy="Local",
        trafficDistribution="PreferClose",
        annotations={"service.kubernetes.io/topology-mode": "Auto"},
    )

    mirror = mirrors.mirror_service(link(), told)
    assert list(mirror["spec"]) == ["ports"]
    assert "service.kubernetes.io/topology-mode" not in mirror["metadata"]["annotations"]


def test_endpoints_carry_the_gateways_identity() -> None:
    made = mirrors.mirror_endpoints(link(), service(), [])

    notes = made["metadata"]["annotations"]
    assert notes["mirror.linkerd.io/remote-gateway-identity"] == "gateway.identity"
    assert made["subsets"] == []


def changed(status: Object, name: str, reason: str | None) -> Object:
    condition = mirrors.condition(mirrored=True, reason=reason) if reason else None
    about = {"field": "mirrorServices", "namespace": "yelb", "name": name}
    return mirrors.changed_status(status, **about, condition=condition)


@pytest.mark.parametrize(
    ("reason", "left"),
    [("Error", [("db", "Error"), ("ui", "Mirrored")]), (None, [("ui", "Mirrored")])],
)
def test_a_condition_replaces_the_one_before_or_takes_the_entry_out(
    reason: str | None, left: list[tuple[str, str]]
) -> None:
    both = changed(changed({}, "db", "Mirrored"), "ui", "Mirrored")

    assert [
        (one["remoteRef"]["name"], one["conditions"][0]["reason"])
        for one in changed(both, "db", reason)["mirrorServices"]
    ] == left


def test_the_last_entry_of_a_status_stays_as_with_linkerd() -> None:
    # An empty list would delete the entry; a patch without the list leaves it.
    assert changed(changed({}, "db", "Mirrored"), "db", None) == {}
