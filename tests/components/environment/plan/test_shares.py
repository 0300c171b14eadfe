"""What of a plan each part is deployed from, and so which changes concern which stacks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from linkmesh.environment import (
    AccessEntry,
    Alias,
    AliasProtocol,
    Environment,
    Export,
    Injection,
    Linkerd,
    LinkMode,
    LinkSpec,
    Plan,
    Route,
    TrustState,
    Yelb,
    chain,
)
from linkmesh.environment.plan import share
from linkmesh.stacks import load, names
from linkmesh.stacks.snapshot import stack_record
from tests.components.environment.described import LOCAL, WEST, environment, on_aws

EAST = on_aws("east", block=20, kubernetes="1.34")
BASE = environment(
    LOCAL,
    WEST,
    EAST,
    links=chain("local", "west", "east"),
    exports=[
        Export("api", namespace="shop", of="west"),
        Export("db", namespace="shop", of="east"),
        Export("old", namespace="shop", of="east"),
    ],
    routes=[Route("api", namespace="shop", on="local", port=80, weights={"west": 100})],
    aliases=[
        Alias("db", namespace="shop", on="west", of="east", port=80, protocol=AliasProtocol.HTTP)
    ],
)


def changed_parts(change: Callable[[Environment], Environment]) -> set[str]:
    """Name the parts that a change of the description concerns."""
    before, after = Plan.of(BASE), Plan.of(change(BASE))
    return {part for part in after.parts if share(before, part) != share(after, part)}


def described(**changes: Any) -> Callable[[Environment], Environment]:
    """Change some fields of the description."""
    return lambda environment: replace(environment, **changes)


@pytest.mark.parametrize(
    ("change", "concerned"),
    [
        (
            described(exports=[*BASE.exports, Export("more", namespace="shop", of="east")]),
            {"apps.east"},
        ),
        (
            described(
                routes=[Route("api", namespace="shop", on="local", port=81, weights={"west": 100})]
            ),
            {"routes.local"},
        ),
        (described(aliases=[replace(BASE.aliases[0], port=81)]), {"routes.west"}),
        (described(trust=TrustState(anchors=(1,), signing=1, issuers=2)), {"trust"}),
        (
            described(linkerd=Linkerd(versions={"east": "2026.5.1"})),
            {"east"},
        ),
        (described(linkerd=Linkerd(viz=False)), {"local", "west", "east"}),
        (described(token_generations=(1, 2)), {"local", "west", "east"}),
        (
            described(access=[AccessEntry("arn:aws:iam::000000000000:role/other")]),
            {"local", "west", "east"},
        ),
        (
            described(injection=Injection.PER_DEPLOYMENT),
            {"local", "west", "east", "apps.west", "apps.east"},
        ),
        # Mirrors of what east exports come to another cluster.
        (
            described(links=[*BASE.links, LinkSpec("local", "east")]),
            {"local", "east", "links.local", "apps.east"},
        ),
        # The trust of a cluster depends on nothing but that there is one.
        (
            described(clusters=[LOCAL, WEST, replace(EAST, disk_gib=90)]),
            {"trust", "network", "east", "apps.east"},
        ),
    ],
)
def test_a_change_concerns_the_parts_that_are_deployed_from_it(
    change: Callable[[Environment], Environment], concerned: set[str]
) -> None:
    assert changed_parts(change) == concerned


def test_an_export_for_chosen_sources_concerns_their_links_and_not_the_clusters() -> None:
    both = replace(BASE, links=[*BASE.links, LinkSpec("local", "east")])
    chosen = Export("new", namespace="shop", of="east", to=["west"])
    before, after = Plan.of(both), Plan.of(replace(both, exports=[*both.exports, chosen]))

    found = {part for part in after.parts if share(before, part) != share(after, part)}

    assert found == {"links.west", "apps.east"}


def test_another_mode_of_an_export_concerns_its_link_and_both_ends() -> None:
    flat = Export("old", namespace="shop", of="east", mode=LinkMode.FLAT)

    found = changed_parts(described(exports=[*BASE.exports[:2], flat]))

    assert found == {"west", "east", "links.west", "apps.east"}


def test_an_application_concerns_the_clusters_that_it_runs_on() -> None:
    yelb = Yelb(ui="local", appserver="west", database="east")
    exports = [
        Export("yelb-appserver", namespace="yelb", of="west"),
        Export("yelb-db", namespace="yelb", of="east"),
    ]
    apps = share(
        Plan.of(replace(BASE, exports=[*BASE.exports, *exports], application=yelb)), "apps.west"
    )

    assert apps.environment.application == yelb
    assert {tier.cluster for tier in apps.tiers} == {"west"}


@pytest.mark.parametrize("name", names())
def test_the_share_of_a_part_has_all_that_its_record_says(name: str) -> None:
    plan = load(name)

    for part in plan.parts:
        assert stack_record(share(plan, part), part) == stack_record(plan, part), part
