"""Every mirror service of an environment is listed: where it is, and its name."""

from stacks.environment import Export, Kind, Mode, chain
from stacks.mirrors import mirrors
from tests.stacks.described import environment, on_aws


def test_each_caller_has_a_mirror_of_what_it_may_call() -> None:
    described = environment(
        Kind("local"),
        on_aws("west"),
        on_aws("east", block=20),
        links=[*chain("local", "east"), *chain("west", "east")],
        exports=[
            Export("api", namespace="shop", of="east", to=["local"]),
            Export("db", namespace="shop", of="east", to=["west"], mode=Mode.FEDERATED),
        ],
    )

    assert mirrors(described) == [
        {"cluster": "local", "namespace": "shop", "service": "api-east"},
        {"cluster": "west", "namespace": "shop", "service": "db-federated"},
    ]


def test_an_environment_without_exports_has_none() -> None:
    assert mirrors(environment(Kind("local"))) == []
