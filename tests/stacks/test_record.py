"""What stacks keep of the description: it is read back as it was, and holds no secret."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from stacks import load
from stacks.environment import Environment, Existing, Export, Kind, Mode, chain
from stacks.record import deployed, described, share
from tests.stacks.described import environment, environments, on_aws


def shares(environment: Environment) -> dict[str, Any]:
    """Read what every stack of an environment keeps, as it comes back from a backend."""
    kept = {part: share(environment, part) for part in environment.parts}
    return dict(json.loads(json.dumps(kept)))


def small(**overrides: Any) -> Environment:
    """Describe two linked clusters."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return environment(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


@given(environments())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_deployed_is_read_back_as_it_was_described(drawn: Environment) -> None:
    read = deployed(shares(drawn))
    expected = described(drawn)

    assert sorted(read.environment.clusters, key=str) == sorted(drawn.clusters, key=str)
    assert sorted(read.environment.links) == sorted(drawn.links)
    assert [share(read.environment, "apps"), read.issuers, read.peerings, read.parts] == [
        share(drawn, "apps"),
        expected.issuers,
        expected.peerings,
        expected.parts,
    ]
    assert read.notes == ()


def test_every_checked_in_environment_is_read_back() -> None:
    for name in ("demo", "dev", "prod"):
        read = deployed(shares(load(name))).environment

        for part in load(name).names:
            kept, was = share(read, part), share(load(name), part)
            assert (kept["cluster"], kept["access"]) == (was["cluster"], was["access"])


def test_a_cluster_that_exists_and_a_mode_come_back() -> None:
    described_now = environment(
        Existing("site", egress=["198.51.100.20/32"]),
        on_aws("west"),
        on_aws("east", block=20),
        links=chain("site", "west", "east"),
        exports=[Export("db", namespace="shop", of="east", mode=Mode.FLAT)],
    )

    read = deployed(shares(described_now)).environment

    assert read.cluster("site") == Existing("site", egress=("198.51.100.20/32",))
    assert read.exports == [Export("db", namespace="shop", of="east", mode=Mode.FLAT)]


def test_an_environment_that_was_never_deployed_is_empty() -> None:
    read = deployed({})

    assert (read.environment.clusters, read.environment.links, read.notes) == ([], [], ())


def test_what_belongs_to_a_cluster_that_was_not_deployed_is_left_out() -> None:
    kept = shares(small())
    del kept["local"], kept["network"]

    read = deployed(kept)

    assert read.environment.names == ["west"]
    assert read.environment.links == []


def test_a_stack_that_keeps_no_share_is_named() -> None:
    for unreadable in (None, {}, "text", {"version": 2}):
        read = deployed({**shares(small()), "links": unreadable})

        assert read.notes == (
            "Stack `links` does not say what it was deployed from, so its share is shown as added. "
            "It will, once it is deployed again.",
        )
        assert read.environment.links == []


def test_half_of_an_up_is_told() -> None:
    kept = {**shares(small()), "west": shares(small(operators=["198.51.100.11/32"]))["west"]}

    assert [note[:50] for note in deployed(kept).notes] == [
        "The clusters were not all deployed from one descri"
    ]


def test_a_stack_keeps_only_its_own_share() -> None:
    before, after = shares(small()), shares(small(exports=[]))

    assert [part for part in before if before[part] != after[part]] == ["apps"]
