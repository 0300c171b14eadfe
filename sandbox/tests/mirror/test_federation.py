"""Federated services: who is a member, whose labels win, when they go."""

from typing import Any

from sandbox.mirror import mirrors
from sandbox.mirror.decisions import on_service
from sandbox.mirror.link import Link, Object
from sandbox.tests.mirror.objects import MEMBER, by_key, dealt, link, returned, service, work

LOCAL = Link(name="local", namespace="mc", target="", federated={"matchLabels": MEMBER})
REMOTE = "multicluster.linkerd.io/remote-discovery"
OWN = "multicluster.linkerd.io/local-discovery"


def member(**labels: str) -> Object:
    return service(labels={**MEMBER, **labels})


def federated(by: Link, of: Object) -> Object:
    return returned(dealt(on_service, work(by), of).written[0])


def after(by: Link, of: Object, present: Object, **known: Link) -> Object:
    there = work(by, local_services=by_key(present), links=known)
    return (dealt(on_service, there, of).written or [present])[0]


def test_the_local_member_wins_over_remote_ones() -> None:
    remote = federated(link(), member(of="east"))
    both = after(LOCAL, member(of="here"), remote)
    again = after(link(), member(of="east"), both)

    assert both["metadata"]["annotations"] == {OWN: "db", REMOTE: "db@east"}
    assert again["metadata"]["labels"]["of"] == "here"


def test_the_oldest_link_wins_among_remote_members() -> None:
    old, young = link(), link(target="south", created="2026-01-03T00:00:00Z")
    made = federated(old, member(of="east"))

    both = after(young, member(of="south"), made, east=old)
    assert both["metadata"]["labels"]["of"] == "east"


def test_a_member_that_is_one_already_changes_nothing() -> None:
    made = federated(link(), member())

    assert after(link(), member(), made) is made


def test_a_headless_service_cannot_join() -> None:
    made = dealt(on_service, work(), service(labels=MEMBER, clusterIP="None"))

    message = "Headless service cannot join federated service"
    assert made.told == [("status", "db", "InvalidService", message)]


def test_a_member_that_leaves_is_taken_out_and_the_others_stay() -> None:
    both = after(LOCAL, member(), federated(link(), member()))

    left = after(link(), service(labels={}), both)
    assert left["metadata"]["annotations"] == {OWN: "db", REMOTE: ""}


def test_a_service_that_is_exported_as_well_joins_when_it_is_seen_again() -> None:
    both = service(labels={**MEMBER, "mirror.linkerd.io/exported": "true"})
    mirror = mirrors.mirror_service(link(), both)

    def made(**overrides: Any) -> list[str]:
        written = dealt(on_service, work(**overrides), both).written
        return [one["metadata"]["name"] for one in written]

    assert made() == ["db-east", "db-east"]
    assert made(local_services=by_key(mirror)) == ["db-federated"]


def test_ports_come_from_the_member_that_wins() -> None:
    made = federated(link(), member())
    local = service(labels=MEMBER, ports=[{"name": "own", "port": 80}])

    changed = after(LOCAL, local, made)
    assert mirrors.mirrored_ports(changed) == [
        {"name": "own", "port": 80, "protocol": "TCP", "targetPort": 80}
    ]
