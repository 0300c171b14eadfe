"""Rows of the table, from figures and pods."""

from linkmesh.cli.stat.figures import Figures
from linkmesh.cli.stat.rows import received, sent_pod_to_pod, sent_through_gateways
from linkmesh.environment import Export
from linkmesh.linkerd.mode import LinkMode

SOME = Figures(success=1.0, rps=2.0)


def test_a_workload_is_shown_for_its_pods_or_for_its_traffic() -> None:
    rows = received({("shop", "gone"): SOME}, {("shop", "idle"): (1, 2)})

    assert [(row.name, row.figures, row.meshed) for row in rows] == [
        ("gone", SOME, None),
        ("idle", Figures(), (1, 2)),
    ]


def test_a_call_through_a_gateway_names_the_service_behind_it() -> None:
    (row,) = sent_through_gateways(
        {("shop", "web", "west", "shop", "api"): SOME}, {("shop", "web"): (1, 1)}
    )

    assert (row.target, row.service, row.meshed) == ("west", "api.shop", (1, 1))


def test_a_call_pod_to_pod_names_the_service_of_its_mirror() -> None:
    flat = Export("db", namespace="shop", of="west", mode=LinkMode.FLAT)
    called = ("shop", "web", "db-west.shop.svc.cluster.local:5432")

    (row,) = sent_pod_to_pod({called: SOME}, {}, [flat])

    assert (row.target, row.service) == ("west", "db.shop:5432")


def test_a_federated_service_does_not_show_which_cluster_answered() -> None:
    members = [
        Export("db", namespace="shop", of=of, mode=LinkMode.FEDERATED) for of in ("west", "east")
    ]
    called = ("shop", "web", "db-federated.shop.svc.cluster.local")

    (row,) = sent_pod_to_pod({called: SOME}, {}, members)

    assert (row.target, row.service) == ("(federated)", "db.shop")
