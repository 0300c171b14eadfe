"""What is left of a link, and that nothing is left whatever is removed first."""

import random
from collections.abc import Callable
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from linkmesh.linkerd.links.orphans import (
    DEPLOYMENT,
    ENDPOINTS,
    LEASE,
    SERVICE,
    MirrorObject,
    Removal,
    removals,
    targets_of,
)

MULTICLUSTER = "linkerd-multicluster"
MIRRORED = {"mirror.linkerd.io/mirrored-service": "true"}


def mirror(target: str, *, kind: str = SERVICE) -> MirrorObject:
    """Show a mirror of db of a target, or its Endpoints."""
    labels = {**MIRRORED, "mirror.linkerd.io/cluster-name": target}
    return MirrorObject(kind=kind, namespace="app", name=f"db-{target}", labels=labels)


def federated(*members: str, local: bool = False) -> MirrorObject:
    """Show a federated service."""
    annotations = {"multicluster.linkerd.io/remote-discovery": ",".join(members)}
    if local:
        annotations["multicluster.linkerd.io/local-discovery"] = "db"
    return MirrorObject(
        kind=SERVICE,
        namespace="app",
        name="db-federated",
        labels=MIRRORED,
        annotations=annotations,
    )


def probe(target: str, *, kind: str = SERVICE) -> MirrorObject:
    """Show the Service by which a gateway is probed, or its Endpoints."""
    labels = {"mirror.linkerd.io/cluster-name": target}
    return MirrorObject(kind=kind, namespace=MULTICLUSTER, name=f"probe-{target}", labels=labels)


def lease(target: str) -> MirrorObject:
    """Show the Lease of a mirror controller."""
    return MirrorObject(kind=LEASE, namespace=MULTICLUSTER, name=f"service-mirror-write-{target}")


def controller(target: str) -> MirrorObject:
    """Show the Deployment of a mirror controller."""
    return MirrorObject(kind=DEPLOYMENT, namespace=MULTICLUSTER, name=f"controller-{target}")


def gone(seen: MirrorObject) -> Removal:
    """Expect an object to go."""
    return Removal(kind=seen.kind, namespace=seen.namespace, name=seen.name)


def test_mirrors_of_a_target_go_with_their_endpoints_and_others_stay() -> None:
    ours = [mirror("east"), mirror("east", kind=ENDPOINTS)]
    others = [mirror("far-east"), mirror("far-east", kind=ENDPOINTS)]

    assert removals([*ours, *others], "east") == [gone(ours[1]), gone(ours[0])]


def test_endpoints_of_another_target_stay_even_without_their_service() -> None:
    assert removals([mirror("far-east", kind=ENDPOINTS)], "east") == []


def test_a_service_that_only_looks_like_a_mirror_stays() -> None:
    look_alike = MirrorObject(kind=SERVICE, namespace="app", name="db-east")

    assert removals([look_alike], "east") == []


def test_a_federated_service_loses_the_target_and_keeps_other_members() -> None:
    steps = removals([federated("db@west", "db@east")], "east")

    assert [step.members for step in steps] == ["db@west"]


def test_a_federated_service_without_members_is_removed() -> None:
    assert removals([federated("db@east")], "east") == [gone(federated())]


def test_a_federated_service_with_members_of_its_own_cluster_stays() -> None:
    steps = removals([federated("db@east", local=True)], "east")

    assert [step.members for step in steps] == [""]


def test_endpoints_of_a_probe_go_only_without_their_service() -> None:
    endpoints = probe("east", kind=ENDPOINTS)

    assert removals([endpoints, probe("east")], "east") == []
    assert removals([endpoints], "east") == [gone(endpoints)]


def test_a_lease_is_removed_only_without_its_controller() -> None:
    assert removals([lease("east"), controller("east")], "east") == []
    assert removals([lease("east")], "east") == [gone(lease("east"))]


def test_targets_are_known_from_mirrors_members_and_leases() -> None:
    seen = [mirror("a"), federated("db@b", "db@c"), lease("d"), controller("e"), probe("f")]

    assert targets_of(seen) == {"a", "b", "c", "d"}


LINKS = {
    "chain": lambda names: [*pairwise(names)],
    "hub": lambda names: [(names[0], spoke) for spoke in names[1:]],
    "mesh": lambda names: [*permutations(names, 2)],
}


class World:
    """Linkerd's mirrors on every source, as they follow from links, controllers and exports."""

    def __init__(self, links: list[tuple[str, str]]) -> None:
        self.links, self.controllers = set(links), set(links)
        self.exports = {target for _, target in links}
        self.seen: dict[str, list[MirrorObject]] = {}
        for source, target in links:
            made = [mirror(target), mirror(target, kind=ENDPOINTS), lease(target)]
            self.seen.setdefault(source, []).extend([*made, controller(target), probe(target)])
        for source, seen in self.seen.items():
            seen.append(federated(*(f"db@{to}" for at, to in links if at == source)))

    def remove_export(self, target: str) -> None:
        """A running controller takes its mirrors away; where none runs they stay."""
        self.exports.discard(target)
        for source, to in self.links & self.controllers:
            if to == target:
                self._apply(source, target, keep=(LEASE,))

    def remove_controller(self, source: str, target: str) -> None:
        """Helm takes what it made; Linkerd leaves the rest."""
        self.controllers.discard((source, target))
        made = (controller(target), probe(target))
        self.seen[source] = [each for each in self.seen[source] if each not in made]
        if (source, target) not in self.links:
            self._apply(source, target)  # as `mesh up` does after it

    def remove_link(self, source: str, target: str) -> None:
        """Linkerd leaves everything; the link's own removal cleans up."""
        self.links.discard((source, target))
        self._apply(source, target)

    def _apply(self, source: str, target: str, keep: tuple[str, ...] = ()) -> None:
        for step in removals(self.seen[source], target):
            if step.kind in keep:
                continue
            remaining = [
                each
                for each in self.seen[source]
                if (each.kind, each.namespace, each.name) != (step.kind, step.namespace, step.name)
            ]
            if step.members is not None:
                remaining.append(federated(*step.members.split(",")))
            self.seen[source] = remaining


@given(st.sampled_from(sorted(LINKS)), st.integers(2, 6), st.randoms(use_true_random=False))
def test_nothing_is_left_in_whatever_order_all_is_removed(
    topology: str, count: int, shuffle: random.Random
) -> None:
    links = LINKS[topology](["a", "b", "c", "d", "e", "f"][:count])
    world = World(links)
    steps: list[tuple[Callable[..., None], tuple[str, ...]]] = [
        *((world.remove_link, link) for link in links),
        *((world.remove_controller, link) for link in links),
        *((world.remove_export, (target,)) for target in sorted({to for _, to in links})),
    ]
    shuffle.shuffle(steps)

    for step, arguments in steps:
        step(*arguments)

    assert {source: seen for source, seen in world.seen.items() if seen} == {}


@given(st.sampled_from(sorted(LINKS)), st.integers(2, 6), st.data())
def test_removing_one_link_leaves_all_others_as_they_are(
    topology: str, count: int, data: st.DataObject
) -> None:
    links = LINKS[topology](["a", "b", "c", "d", "e", "f"][:count])
    source, target = data.draw(st.sampled_from(links))
    world, untouched = World(links), World(links)

    world.remove_link(source, target)

    for other, seen in world.seen.items():
        before = set(map(str, untouched.seen[other]))
        differing = [each for each in map(str, seen) if each not in before]
        assert all("db-federated" in each and f"@{target}" not in each for each in differing)
        assert other == source or set(map(str, seen)) == before
