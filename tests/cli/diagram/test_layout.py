"""Where clusters and arrows are: nothing covers anything, in layers and in a ring."""

import re
from itertools import combinations

import pytest

from linkmesh.cli.diagram import layers
from linkmesh.cli.diagram.layers import in_layers
from linkmesh.cli.diagram.layout import Point, Size, is_dense
from linkmesh.cli.diagram.ring import in_a_ring
from linkmesh.cli.errors import PreconditionError
from linkmesh.environment import LinkSpec, chain, hub, mesh

BOX, LABEL = Size(150, 60), Size(170, 34)


def named(count: int) -> list[str]:
    return [f"c{index}" for index in range(count)]


def overlap(one: Point, other: Point, width: float, height: float) -> bool:
    """Return whether two rectangles overlap that are together this wide and high, halved."""
    return abs(one.x - other.x) < width and abs(one.y - other.y) < height


def corners(path: str) -> list[Point]:
    """List the points of a path, those of curves included."""
    found = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)
    return [Point(float(x), float(y)) for x, y in found]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 10, 20, 40])
def test_no_cluster_in_a_ring_covers_another(count: int) -> None:
    placed = in_a_ring(BOX, named(count), mesh(*named(count)))

    pairs = combinations(placed.centers.values(), 2)
    assert not [pair for pair in pairs if overlap(*pair, BOX.width, BOX.height)]
    assert all(
        BOX.width / 2 <= x <= placed.size.width - BOX.width / 2
        and BOX.height / 2 <= y <= placed.size.height - BOX.height / 2
        for x, y in placed.centers.values()
    )


@pytest.mark.parametrize(
    "links",
    [chain(*named(3)), chain(*named(20)), mesh(*named(3)), hub("c0", spokes=named(12)[1:])],
    ids=["chain of 3", "chain of 20", "mesh of 3", "hub of 12"],
)
def test_no_label_in_layers_covers_a_cluster_or_a_label(links: list[LinkSpec]) -> None:
    boxes = dict.fromkeys(dict.fromkeys(name for link in links for name in link), BOX)
    placed = in_layers(boxes, dict.fromkeys(links, LABEL))
    labels = [route.middle for route in placed.routes.values()]
    across, down = (BOX.width + LABEL.width) / 2, (BOX.height + LABEL.height) / 2

    centers = placed.centers.values()
    assert not [pair for pair in combinations(centers, 2) if overlap(*pair, *BOX)]
    assert not [pair for pair in combinations(labels, 2) if overlap(*pair, *LABEL)]
    assert not [(c, label) for c in centers for label in labels if overlap(c, label, across, down)]


def test_an_arrow_in_layers_begins_and_ends_at_its_clusters() -> None:
    links = hub("c0", spokes=named(5)[1:], both_ways=True)
    placed = in_layers(dict.fromkeys(named(5), BOX), dict.fromkeys(links))

    for link, route in placed.routes.items():
        start, *_, end = corners(route.path)
        assert overlap(start, placed.centers[link.source], BOX.width / 2 + 1, BOX.height / 2 + 1)
        assert overlap(end, placed.centers[link.target], BOX.width / 2 + 1, BOX.height / 2 + 1)


def test_a_long_chain_continues_in_rows() -> None:
    links = chain(*named(20))
    placed = in_layers(dict.fromkeys(named(20), BOX), dict.fromkeys(links, LABEL))

    assert placed.size.width < 2 * layers.WIDEST
    assert len({center.y for center in placed.centers.values()}) > 1


def test_only_many_links_between_the_same_clusters_are_dense() -> None:
    assert not is_dense(named(20), chain(*named(20), both_ways=True))
    assert not is_dense(named(20), hub("c0", spokes=named(20)[1:], both_ways=True))
    assert not is_dense(named(3), mesh(*named(3)))
    assert is_dense(named(5), mesh(*named(5)))


def test_arrows_in_opposite_directions_are_apart() -> None:
    there, back = LinkSpec("c0", "c2"), LinkSpec("c2", "c0")
    placed = in_a_ring(BOX, named(5), [there, back])

    assert placed.routes[there].middle != placed.routes[back].middle


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "find_spec", lambda _: None)

    with pytest.raises(PreconditionError) as error:
        in_layers({"a": BOX}, {})

    assert str(error.value) == (
        "package graphlay must be installed to draw pictures (it is not). "
        "Use: pip install 'linkmesh[view]'"
    )
