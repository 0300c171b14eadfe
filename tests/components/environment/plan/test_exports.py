"""What follows from exports: every mirror service, where it is, and its name."""

from linkmesh.environment import Export, Kind, LinkMode, Mirror, chain
from tests.components.environment.described import on_aws, planned


def test_each_caller_has_a_mirror_of_what_it_may_call() -> None:
    plan = planned(
        Kind("local"),
        on_aws("west"),
        on_aws("east", block=20),
        links=[*chain("local", "east"), *chain("west", "east")],
        exports=[
            Export("api", namespace="shop", of="east", to=["local"]),
            Export("db", namespace="shop", of="east", to=["west"], mode=LinkMode.FEDERATED),
        ],
    )

    assert plan.mirrors == [
        Mirror(cluster="local", namespace="shop", service="api-east"),
        Mirror(cluster="west", namespace="shop", service="db-federated"),
    ]


def test_a_federated_service_of_several_clusters_is_one_on_each_caller() -> None:
    plan = planned(
        *(on_aws(name, block=10 + place) for place, name in enumerate(("one", "two", "three"))),
        links=[*chain("one", "two"), *chain("one", "three")],
        exports=[
            Export("api", namespace="shop", of=name, mode=LinkMode.FEDERATED)
            for name in ("two", "three")
        ],
    )

    assert plan.mirrors == [Mirror(cluster="one", namespace="shop", service="api-federated")]


def test_an_environment_without_exports_has_none() -> None:
    assert planned(Kind("local")).mirrors == []
