"""How a topology changes: each topic, removals first."""

from typing import Any

from hypothesis import HealthCheck, given, settings

from linkmesh.cli.plan.statements import Topic
from linkmesh.cli.preview.difference import Change, differences, headline
from linkmesh.environment import AccessEntry, AccessPolicy, Export, Kind, Plan, chain
from linkmesh.stacks import load
from linkmesh.stacks.snapshot import deployed, described, stack_record
from tests.components.environment.described import on_aws, planned, plans

NOTHING = deployed({})


def small(**overrides: Any) -> Plan:
    """Describe two linked clusters and an export."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return planned(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


def lines(before: Plan, after: Plan, topic: Topic) -> list[str]:
    """Compare two descriptions; returns the lines of one topic."""
    found = differences(described(before), described(after))
    return [f"{each.change.value} {each.text}" for each in found if each.topic is topic]


def test_an_environment_that_is_not_deployed_is_all_added() -> None:
    found = differences(NOTHING, described(small()))

    assert {each.change for each in found} == {Change.ADDED}
    assert {each.topic for each in found} == set(Topic) - {Topic.ROUTE, Topic.APPLICATION}


def test_another_export_adds_a_call() -> None:
    more = small(
        exports=[
            Export("api", namespace="shop", of="west"),
            Export("db", namespace="shop", of="west", to=["local"]),
        ]
    )

    assert lines(small(), more, Topic.CALL) == ["+ local can call db.shop of west: as db-west.shop"]
    assert lines(small(), more, Topic.EXPORT) == ["+ db.shop of west: to local, gateway"]
    assert lines(small(), more, Topic.LINK) == []


def test_a_removed_link_removes_calls_of_its_source() -> None:
    def between(*links: Any) -> Plan:
        return planned(
            Kind("local"),
            on_aws("west"),
            on_aws("east", block=20),
            links=links,
            exports=[Export("api", namespace="shop", of="west")],
        )

    local, east = chain("local", "west"), chain("east", "west")
    before, after = between(*local, *east), between(*local)

    assert lines(before, after, Topic.LINK) == ["- east -> west: gateway"]
    assert lines(before, after, Topic.CALL) == [
        "- east can call api.shop of west: as api-west.shop"
    ]
    assert lines(before, after, Topic.ADDRESS) == [
        "- NAT of east may reach the API server of west at 443",
        "- NAT of east may reach the gateway, internet-facing of west at 4143, 4191",
        "- networks of east and west are peered",
    ]
    assert lines(before, after, Topic.CERTIFICATE) == ["- token of east at west: generation 1"]


def test_another_operator_removes_and_adds_addresses() -> None:
    after = small(operators=["198.51.100.11/32"])

    assert lines(small(), after, Topic.ADDRESS) == [
        "- 198.51.100.10/32 may reach the API server of west at 443",
        "- 198.51.100.10/32 may reach the gateway, internet-facing of west at 4143, 4191",
        "+ 198.51.100.11/32 may reach the API server of west at 443",
        "+ 198.51.100.11/32 may reach the gateway, internet-facing of west at 4143, 4191",
    ]


def test_wider_access_is_a_change() -> None:
    who = "arn:aws:iam::000000000000:role/on-call"

    def may(role: AccessPolicy, *namespaces: str) -> Plan:
        return small(access=[AccessEntry(who, role, namespaces=namespaces)])

    assert lines(may(AccessPolicy.VIEW, "shop"), may(AccessPolicy.EDIT), Topic.RIGHT) == [
        f"! {who} on west: view in shop -> edit of the whole cluster"
    ]


def test_another_token_and_another_size_are_changes() -> None:
    after = planned(
        Kind("local", workers=4),
        on_aws("west"),
        links=chain("local", "west"),
        exports=small().environment.exports,
        token_generations=(1, 2),
    )

    assert lines(small(), after, Topic.CERTIFICATE) == [
        "! token of local at west: generation 1 -> generation 1, 2"
    ]
    assert lines(small(), after, Topic.CLUSTER) == ["! local: 3 workers -> 4 workers"]


def test_the_headline_counts_calls_links_and_clusters() -> None:
    none = differences(described(small()), described(small()))
    new = differences(NOTHING, described(small()))
    fewer = differences(described(small()), described(small(exports=[])))

    assert headline(none) == "The topology stays as it is deployed."
    assert headline(new).startswith("1 call newly possible; 1 link added; 2 clusters added; ")
    assert headline(fewer) == "1 call no longer possible; 1 other difference."


@given(plans(), plans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_added_in_one_direction_is_removed_in_the_other(one: Plan, other: Plan) -> None:
    there = differences(described(one), described(other))
    back = differences(described(other), described(one))

    turned = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}
    assert {(each.topic, each.subject, each.change) for each in there} == {
        (each.topic, each.subject, turned.get(each.change, each.change)) for each in back
    }


def test_the_same_description_gives_the_same_lines() -> None:
    one, other = (differences(NOTHING, described(small())) for _ in range(2))

    assert [each.text for each in one] == [each.text for each in other]


def test_an_environment_that_is_deployed_as_described_has_no_difference() -> None:
    for name in ("bluegreen", "demo", "five", "hybrid", "prod"):
        written = {part: stack_record(load(name), part) for part in load(name).parts}

        assert differences(deployed(written), described(load(name))) == []
