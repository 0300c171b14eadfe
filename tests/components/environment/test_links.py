"""Lists of links, from a word."""

from hypothesis import given
from hypothesis import strategies as st

from linkmesh.environment import LinkSpec, chain, hub, mesh

NAMES = st.lists(st.from_regex(r"[a-z]{1,4}", fullmatch=True), unique=True, max_size=8)


def test_a_chain_links_each_cluster_to_the_next() -> None:
    assert chain("a", "b", "c") == [LinkSpec("a", "b"), LinkSpec("b", "c")]


def test_a_chain_can_be_called_both_ways() -> None:
    assert chain("a", "b", both_ways=True) == [LinkSpec("a", "b"), LinkSpec("b", "a")]


def test_the_centre_of_a_hub_calls_its_spokes() -> None:
    assert hub("a", spokes=["b", "c"]) == [LinkSpec("a", "b"), LinkSpec("a", "c")]


def test_spokes_call_the_centre_if_asked_and_never_one_another() -> None:
    links = hub("a", spokes=["b", "c"], both_ways=True)

    assert set(links) == {
        LinkSpec("a", "b"),
        LinkSpec("a", "c"),
        LinkSpec("b", "a"),
        LinkSpec("c", "a"),
    }


def test_a_mesh_links_each_cluster_to_each_other_one() -> None:
    assert set(mesh("a", "b", "c")) == {
        LinkSpec(source, target) for source in "abc" for target in "abc" if source != target
    }


def test_a_link_reads_as_an_arrow_from_its_source() -> None:
    assert str(LinkSpec("west", "east")) == "west -> east"


@given(NAMES)
def test_a_mesh_has_a_link_for_each_ordered_pair(names: list[str]) -> None:
    links = mesh(*names)

    assert len(set(links)) == len(links) == len(names) * max(len(names) - 1, 0)
    assert all(link.source != link.target for link in links)


@given(NAMES, st.booleans())
def test_a_chain_has_one_link_less_than_clusters_for_each_way(
    names: list[str], both_ways: bool
) -> None:
    links = chain(*names, both_ways=both_ways)

    assert len(set(links)) == len(links) == max(len(names) - 1, 0) * (2 if both_ways else 1)


@given(NAMES, st.booleans())
def test_a_hub_has_one_link_for_each_spoke_and_way(names: list[str], both_ways: bool) -> None:
    links = hub("centre", spokes=names, both_ways=both_ways)

    assert len(set(links)) == len(links) == len(names) * (2 if both_ways else 1)
    assert all("centre" in link for link in links)


@given(NAMES)
def test_a_hub_both_ways_of_two_clusters_is_their_mesh(names: list[str]) -> None:
    for name in names:
        assert set(hub("centre", spokes=[name], both_ways=True)) == set(mesh("centre", name))
