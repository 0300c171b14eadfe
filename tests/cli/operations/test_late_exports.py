"""Exports that leave after the routes that lead to them."""

import dataclasses
from typing import Any

from linkmesh.cli.operations.late_exports import leaving, urns
from linkmesh.environment import Alias, Export, Plan, Route, Yelb, hub
from linkmesh.stacks import snapshot
from tests.components.environment.described import on_aws, planned
from tests.stacks import contracts

SPLIT = Route("api", namespace="shop", on="front", port=80, weights={"blue": 90, "green": 10})
ALL_GREEN = dataclasses.replace(SPLIT, weights={"green": 100})
BLUE, GREEN = (Export("api", namespace="shop", of=of) for of in ("blue", "green"))
OTHER = Export("db", namespace="shop", of="blue")


def described(*exports: Export, **more: Any) -> Plan:
    """Describe a cluster whose routes lead to two others."""
    return planned(
        *(on_aws(name, block=10 * place) for place, name in enumerate(("front", "blue", "green"))),
        links=hub("front", spokes=["blue", "green"]),
        exports=exports,
        **more,
    )


def names(plan: Plan, before: Plan) -> dict[str, list[str]]:
    """Name the exports that leave late."""
    parts = [*before.link_parts, *before.app_parts, *before.route_parts]
    found = leaving(plan, {part: snapshot.stack_record(before, part) for part in parts})
    return {part: [each.name for each in exports] for part, exports in found.items()}


BEFORE = described(BLUE, GREEN, OTHER, routes=[SPLIT])


def test_an_export_that_a_route_led_to_leaves_after_the_route() -> None:
    after = described(GREEN, OTHER, routes=[ALL_GREEN])

    assert names(after, BEFORE) == {"apps.blue": ["blue-shop-api"]}


def test_an_export_that_an_alias_led_to_leaves_after_the_alias() -> None:
    alias = Alias("db", namespace="shop", on="front", of="blue", port=5432)

    assert names(described(BLUE), described(BLUE, OTHER, aliases=[alias])) == {
        "apps.blue": ["blue-shop-db"]
    }


def test_other_exports_leave_at_once() -> None:
    assert names(described(BLUE, GREEN, routes=[SPLIT]), BEFORE) == {}
    assert names(described(BLUE), described(BLUE, OTHER)) == {}


def test_a_stack_with_nothing_left_is_destroyed_after_the_routes_as_it_is() -> None:
    assert names(described(GREEN, routes=[ALL_GREEN]), BEFORE) == {}


def test_an_export_whose_tier_leaves_too_leaves_with_it() -> None:
    yelb = Yelb(ui="front", appserver="blue", database="blue")
    tier = Export("yelb-appserver", namespace="yelb", of="blue")
    before = described(BLUE, GREEN, OTHER, tier, routes=[SPLIT], application=yelb)

    assert names(described(GREEN, OTHER, routes=[ALL_GREEN]), before) == {}


def test_the_urns_are_those_that_the_stack_registers() -> None:
    exports = {"apps.blue": [each for each in BEFORE.exports if each.described == OTHER]}
    component, label = urns("linkmesh", "test", exports)["apps.blue"]
    notes = contracts.deployed(BEFORE, ["apps.blue"])

    patch = notes.one("kubernetes:core/v1:ServicePatch", "blue-shop-db")
    # The note-taking engine writes the stack's own type into a URN, the genuine one does not.
    assert component == patch.parent.replace("pulumi:pulumi:Stack$", "")
    assert label == component.replace("::blue", "$kubernetes:core/v1:ServicePatch::blue")
