"""Federated services: who is a member, whose labels win, when they go."""

from typing import Any

from sandbox.mirror import decisions, mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import Status, Write
from sandbox.tests.mirror.objects import MEMBER, by_key, link, service, view, written

LOCAL = Link(name="local", namespace="mc", target="", federated={"matchLabels": MEMBER})
REMOTE = "multicluster.linkerd.io/remote-discovery"
OWN = "multicluster.linkerd.io/local-discovery"


def member(**labels: str) -> Object:
    return service(labels={**MEMBER, **labels})


def federated(by: Link, of: Object) -> Object:
    steps = decisions.on_service(by, view(), of)
    made = steps[0]
    assert isinstance(made, Write)
    return written(made.object)


def after(by: Link, of: Object, present: Object, **known: Link) -> Object:
    steps = decisions.on_service(by, view(local_services=by_key(present), links=known), of)
    if not steps:
        return present
    changed = next(step for step in steps if isinstance(step, Write))
    assert changed.verb == "update"
    return changed.object


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
    headless = service(labels=MEMBER, clusterIP="None")

    steps = decisions.on_service(link(), view(), headless)
    assert len(steps) == 1
    assert isinstance(steps[0], Status)
    assert steps[0].condition is not None
    assert steps[0].condition["reason"] == "InvalidService"


def test_a_member_that_leaves_is_taken_out_and_the_others_stay() -> None:
    both = after(LOCAL, member(), federated(link(), member()))

    left = after(link(), service(labels={}), both)
    assert left["metadata"]["annotations"] == {OWN: "db", REMOTE: ""}


def test_a_service_that_is_exported_as_well_joins_when_it_is_seen_again() -> None:
    both = service(labels={**MEMBER, "mirror.linkerd.io/exported": "true"})
    mirror = mirrors.mirror_service(link(), both)

    def made(**overrides: Any) -> list[tuple[str, str]]:
        steps = decisions.on_service(link(), view(**overrides), both)
        writes = [step for step in steps if isinstance(step, Write)]
        return [(write.kind, write.object["metadata"]["name"]) for write in writes]

    assert made() == [("services", "db-east"), ("endpoints", "db-east")]
    assert made(local_services=by_key(mirror)) == [("services", "db-federated")]


def test_ports_come_from_the_member_that_wins() -> None:
    made = federated(link(), member())
    local = service(labels=MEMBER, ports=[{"name": "own", "port": 80}])

    changed = after(LOCAL, local, made)
    assert mirrors.mirrored_ports(changed) == [
        {"name": "own", "port": 80, "protocol": "TCP", "targetPort": 80}
    ]
