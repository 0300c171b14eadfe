"""The objects of one exported service: labels, annotations, ports, addresses, status."""

from sandbox.mirror import mirrors
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


def status_of(*names: str) -> dict[str, object]:
    status: dict[str, object] = {}
    for name in names:
        condition = mirrors.condition(mirrored=True, reason="Mirrored")
        status = mirrors.changed_status(
            status, field="mirrorServices", namespace="yelb", name=name, condition=condition
        )
    return status


def test_a_condition_replaces_the_one_before() -> None:
    failed = mirrors.condition(mirrored=False, reason="Error", message="no")

    status = mirrors.changed_status(
        status_of("db", "ui"), field="mirrorServices", namespace="yelb", name="db", condition=failed
    )
    assert [
        (one["remoteRef"]["name"], one["conditions"][0]["reason"])
        for one in status["mirrorServices"]
    ] == [
        ("db", "Error"),
        ("ui", "Mirrored"),
    ]


def test_an_unexported_service_leaves_the_status() -> None:
    status = mirrors.changed_status(
        status_of("db", "ui"), field="mirrorServices", namespace="yelb", name="db", condition=None
    )

    assert [one["remoteRef"]["name"] for one in status["mirrorServices"]] == ["ui"]


def test_the_last_entry_of_a_status_stays_as_with_linkerd() -> None:
    status = mirrors.changed_status(
        status_of("db"), field="mirrorServices", namespace="yelb", name="db", condition=None
    )

    # An empty list would delete the entry; a patch without the list leaves it.
    assert status == {}
