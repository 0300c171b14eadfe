"""
What goes with a link, on the resources that the programs really register.

What a part registers follows from the set of links alone. So if from every set each link takes
what is its own and nothing else, nothing is left in whatever order links go. All sets of a chain, a
hub and a small mesh are tried, and some of the 2^30 of six clusters in full mesh. What Linkerd
itself leaves is removed by a resource: tests/components/linkerd/links/test_mirror_cleanup.py.
"""

import functools
from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkmesh.environment import Export, Kind, LinkSpec, Plan, chain, hub, mesh
from linkmesh.stacks import cluster
from linkmesh.stacks.outputs import Stacks
from linkmesh.stacks.settings import Settings
from tests import engine
from tests.components.environment.described import planned
from tests.stacks.contracts import deployed, exported

NAMES = ("a", "b", "c", "d", "e", "f")
LINK = "kubernetes:multicluster.linkerd.io/v1alpha3:Link"
REFERENCE = "pulumi:pulumi:StackReference"
CLEANUP = "pulumi-python:dynamic/linkmesh:MirrorSweep"
SETTINGS = Settings(charts="/srv/charts", aws_charts="/srv/aws-charts", chart_values={})

Links = frozenset[LinkSpec]

TOPOLOGIES = {
    "chain of six": frozenset(chain(*NAMES)),
    "hub of six": frozenset(hub("a", spokes=NAMES[1:])),
    "mesh of three": frozenset(mesh(*NAMES[:3])),
}
FULL = sorted(mesh(*NAMES))


def described(given_links: Links) -> Plan:
    """Plan six clusters; each target exports a service to all of its sources."""
    targets = sorted({link.target for link in given_links})
    return planned(
        *map(Kind, NAMES),
        links=sorted(given_links),
        exports=[Export("api", namespace="shop", of=target) for target in targets],
    )


@functools.cache
def of_links(given_links: Links) -> dict[tuple[str, str], engine.Noted]:
    """Register the links of all sources, without the references to other stacks."""
    known = described(given_links)
    notes = deployed(known, known.link_parts)
    return {(noted.type, noted.name): noted for noted in notes.resources if noted.type != REFERENCE}


@functools.cache
def of_cluster(name: str, given_links: Links) -> dict[tuple[str, str], engine.Noted]:
    """Register the part of one cluster."""
    known = described(given_links)
    notes = engine.run(
        lambda: cluster.deploy(known, name, Stacks.of("test"), SETTINGS, {}),
        stack=f"test.{name}",
        stacks=exported("test", known),
    )
    return {(noted.type, noted.name): noted for noted in notes.resources}


def subsets(given_links: Links) -> Iterable[Links]:
    """List every set of some links that has any."""
    ordered = sorted(given_links)
    for size in range(1, len(ordered) + 1):
        yield from map(frozenset, combinations(ordered, size))


def takes_its_own(before: Links, link: LinkSpec) -> None:
    """Assert that a link takes what is its own from the stack of its source, and nothing else."""
    after = before - {link}
    was, is_now = of_links(before), of_links(after)
    own = f"{link.source}-{link.target}"
    gone = {name for _, name in was.keys() - is_now.keys()}
    is_last = not any(each.source == link.source for each in after)

    assert is_now.keys() <= was.keys()
    assert {name for name in gone if name == own or name.startswith(f"{own}-")}
    assert {name for name in gone if not name.startswith(own)} == (
        # How its source was reached.
        {link.source, f"{link.source}-kubernetes"} if is_last else set()
    )
    assert not [name for _, name in is_now if name == own or name.startswith(f"{own}-")]
    assert [key for key in is_now if is_now[key] != was[key]] == []


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_from_every_set_of_links_each_takes_its_own_and_nothing_else(topology: str) -> None:
    for before in subsets(TOPOLOGIES[topology]):
        for link in before:
            takes_its_own(before, link)


@given(st.data())
@settings(max_examples=12)
def test_of_six_clusters_in_full_mesh_too(data: st.DataObject) -> None:
    before = frozenset(data.draw(st.sets(st.sampled_from(FULL), min_size=1)))

    takes_its_own(before, data.draw(st.sampled_from(sorted(before))))


def test_a_link_is_removed_before_the_cleanup_of_its_mirrors() -> None:
    """Pulumi deletes what depends on something before that; a live Link would create them again."""
    made = of_links(frozenset(FULL))
    cleanups = [noted for noted in made.values() if noted.type == CLEANUP]

    assert len(cleanups) == len(FULL)
    for cleanup in cleanups:
        link = made[(LINK, cleanup.name.removesuffix("-mirrors") + "-link")]
        assert cleanup.name in link.after


@pytest.mark.parametrize("link", [LinkSpec("a", "b"), LinkSpec("c", "b")], ids=str)
def test_a_target_takes_back_the_account_of_a_source_and_of_no_other(
    link: LinkSpec,
) -> None:
    before = frozenset(mesh("a", "b", "c"))
    was, is_now = of_cluster("b", before), of_cluster("b", before - {link})
    gone = {name for _, name in was.keys() - is_now.keys()}

    assert is_now.keys() <= was.keys()
    assert gone
    assert all(link.source in name.split("-") for name in gone)
    assert [key for key in is_now if is_now[key].inputs != was[key].inputs] == []


def test_a_source_without_a_link_has_no_controller_for_it_and_all_else_stays() -> None:
    before = frozenset(mesh("a", "b", "c"))
    was, is_now = of_cluster("a", before), of_cluster("a", before - {LinkSpec("a", "b")})

    assert was.keys() == is_now.keys()
    assert [
        name for key in is_now if is_now[key].inputs != was[key].inputs for name in key[1:]
    ] == ["a-multicluster-release"]
