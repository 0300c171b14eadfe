"""The objects of one exported service: labels, annotations, ports, addresses, status."""

from sandbox.mirror import mirrors
from sandbox.tests.mirror.objects import FLAT, GATEWAY, endpoints, link, service


def test_a_mirror_service_tells_where_it_comes_from() -> None:
    mirror = mirrors.mirror_service(
        link(), service(labels={"app": "db", "mirror.linkerd.io/exported": "true"})
    )

    assert mirror["metadata"]["name"] == "db-east"
    assert mirror["metadata"]["namespace"] == "yelb"
    assert mirror["metadata"]["labels"] == {
        "app": "db",
        "mirror.linkerd.io/mirrored-service": "true",
        "mirror.linkerd.io/cluster-name": "east",
    }
    assert mirror["metadata"]["annotations"] == {
        "mirror.linkerd.io/remote-svc-fq-name": "db.yelb.svc.cluster.local",
        "mirror.linkerd.io/remote-resource-version": "100",
    }


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


def test_a_flat_mirror_names_the_service_it_stands_for() -> None:
    labels = mirrors.mirror_service(link(), service(labels=FLAT))["metadata"]["labels"]

    assert labels["multicluster.linkerd.io/remote-discovery"] == "east"
    assert labels["multicluster.linkerd.io/remote-service"] == "db"


def test_all_ports_lead_to_the_gateways_one() -> None:
    two = service(ports=[{"name": "a", "port": 1}, {"name": "b", "port": 2, "protocol": "TCP"}])

    assert mirrors.gateway_subset(link(), two, [GATEWAY], alive=True) == {
        "addresses": [{"ip": GATEWAY}],
        "ports": [
            {"name": "a", "protocol": "TCP", "port": 4143},
            {"name": "b", "protocol": "TCP", "port": 4143},
        ],
    }


def test_addresses_are_not_ready_while_the_gateway_is_down() -> None:
    subset = mirrors.gateway_subset(link(), service(), [GATEWAY], alive=False)

    assert subset["notReadyAddresses"] == [{"ip": GATEWAY}]
    assert "addresses" not in subset


def test_endpoints_carry_the_gateways_identity() -> None:
    made = mirrors.mirror_endpoints(link(), service(), [])

    notes = made["metadata"]["annotations"]
    assert notes["mirror.linkerd.io/remote-gateway-identity"] == "gateway.identity"
    assert made["subsets"] == []


def test_endpoints_with_pods_that_are_not_ready_are_empty() -> None:
    assert mirrors.is_empty(None)
    assert mirrors.is_empty({"subsets": []})
    assert mirrors.is_empty(endpoints(ready=False))
    assert not mirrors.is_empty(endpoints())


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
