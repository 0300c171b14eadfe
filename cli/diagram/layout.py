"""
Where the clusters and arrows of a picture are.

A few links are drawn in layers, from source to target, with room for what the arrows say. Many
links between the same clusters have no layers: those clusters are in a ring, and arrows bend to its
center, so that none crosses a cluster. The same input gives the same picture.
Decision: docs/decisions/0028-pictures.md
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count, pairwise
from typing import Any, NamedTuple

from linkmesh.environment import LinkSpec

from ..errors import PreconditionError

# More pairs of linked clusters than this for each cluster have no useful layers.
PAIRS_IN_LAYERS = 1.5

# Space between boxes, and around the picture.
GAP = 28.0
LAYER_GAP = 36.0
MARGIN = 24.0

# A chain that would be wider than this, which a screen shows, continues in new rows.
WIDEST = 1200.0

# About how much wider than high such a chain is, and a ring.
ASPECT = 1.8

# How far an arrow in a ring bends towards the center: at 0 all the way, at 1 not at all.
BEND = 0.3

# Distance of two arrows in opposite directions, at the point where they bend.
APART = 34.0

# Radius of the corners of arrows.
CORNER = 8.0


class Point(NamedTuple):
    """A point of a picture; y grows downwards."""

    x: float
    y: float


class Size(NamedTuple):
    """Width and height."""

    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Route:
    """The way of one arrow."""

    path: str
    """The data of an SVG path, from the edge of the source to that of the target."""

    middle: Point
    """Where its mark is, or the center of its label."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A picture without its content."""

    size: Size
    """Its size."""

    centers: Mapping[str, Point]
    """The center of each cluster."""

    routes: Mapping[LinkSpec, Route]
    """The way of each arrow."""


def is_dense(names: Sequence[str], links: Sequence[LinkSpec]) -> bool:
    """Return whether clusters are in a ring, where arrows have no labels."""
    pairs = {frozenset(link) for link in links}
    return len(pairs) > PAIRS_IN_LAYERS * len(names)


def in_layers(boxes: Mapping[str, Size], arrows: Mapping[LinkSpec, Size | None]) -> Layout:
    """
    Place clusters in layers, sources left of their targets.

    Args:
        boxes: the size of each cluster.
        arrows: the size of the label of each arrow; None if it has none.

    Raises: PreconditionError if the package that does it is not installed.
    """
    graph = {"nodes": _nodes(boxes, arrows), "edges": _edges(boxes, arrows)}
    spacing = {"layer_gap": LAYER_GAP, "node_gap": GAP, "isolated_gap": GAP}
    engine = _engine()
    drawn = engine.layout(graph, options={"spacing": spacing})
    if drawn.bounds["max"]["x"] - drawn.bounds["min"]["x"] > WIDEST:
        rows = {"viewport_aspect": ASPECT}
        drawn = engine.layout(graph, options={"spacing": spacing, "wrap": rows})
    left, top = (drawn.bounds["min"][axis] - MARGIN for axis in ("x", "y"))
    right, bottom = (drawn.bounds["max"][axis] + MARGIN for axis in ("x", "y"))

    def moved(point: Mapping[str, float]) -> Point:
        return Point(point["x"] - left, point["y"] - top)

    nodes = [moved(node["center"]) for node in drawn.nodes]
    lines = [[moved(point) for point in edge["points"]] for edge in drawn.edges]
    centers = dict(zip(boxes, nodes, strict=False))
    labels = iter(nodes[len(boxes) :])
    pieces = iter(lines)
    return Layout(
        size=Size(right - left, bottom - top),
        centers=centers,
        routes={
            link: _labelled(next(labels), next(pieces), next(pieces))
            if label
            else _unlabelled(next(pieces))
            for link, label in arrows.items()
        },
    )


def _labelled(center: Point, before: Sequence[Point], after: Sequence[Point]) -> Route:
    return Route(path=f"{_rounded(before)} {_rounded(after)}", middle=center)


def _unlabelled(points: Sequence[Point]) -> Route:
    return Route(path=_rounded(points), middle=_halfway(points))


def _engine() -> Any:
    if find_spec("graphlay") is None:
        raise PreconditionError(
            "package graphlay must be installed to draw pictures (it is not). "
            "Use: pip install 'linkmesh[view]'"
        )
    import graphlay

    return graphlay


def _nodes(
    boxes: Mapping[str, Size], arrows: Mapping[LinkSpec, Size | None]
) -> list[dict[str, Any]]:
    """Return clusters and then labels, which are nodes too: so arrows pass beside them."""
    sizes = [*boxes.values(), *(label for label in arrows.values() if label)]
    return [{"size": size._asdict(), "shape": "box", "key": ""} for size in sizes]


def _edges(
    boxes: Mapping[str, Size], arrows: Mapping[LinkSpec, Size | None]
) -> list[dict[str, Any]]:
    """Return an edge for each arrow, or two if a label is between them."""
    place = {name: index for index, name in enumerate(boxes)}
    labels = count(len(boxes))
    edges = []
    for link, label in arrows.items():
        source, target = place[link.source], place[link.target]
        middle = [next(labels)] if label else []
        edges += [
            {"source": one, "target": other, "weight": 1.0}
            for one, other in pairwise([source, *middle, target])
        ]
    return edges


def _rounded(points: Sequence[Point]) -> str:
    """Draw a line with rounded corners."""
    path = [f"M{_written(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.append(f"L{_written(_towards(corner, before))}")
        path.append(f"Q{_written(corner)} {_written(_towards(corner, after))}")
    path.append(f"L{_written(points[-1])}")
    return " ".join(path)


def _towards(corner: Point, other: Point) -> Point:
    """Return where the rounding of a corner begins, on the way to the next one."""
    length = math.dist(corner, other)
    part = min(CORNER, length / 2) / (length or 1)
    return _between(corner, other, part)


def _between(one: Point, other: Point, part: float) -> Point:
    return Point(one.x + (other.x - one.x) * part, one.y + (other.y - one.y) * part)


def _halfway(points: Sequence[Point]) -> Point:
    """Return the middle of the longest piece of a line."""
    one, other = max(pairwise(points), key=lambda pair: math.dist(*pair))
    return _between(one, other, 0.5)


def _written(point: Point) -> str:
    return f"{point.x:.1f},{point.y:.1f}"


def in_a_ring(box: Size, names: Sequence[str], arrows: Sequence[LinkSpec]) -> Layout:
    """
    Place clusters in a ring, clockwise from the top left.

    Args:
        box: the size of every cluster.
    """
    cell = Size(box.width + GAP, box.height + GAP)
    around = _ring(cell, len(names))
    left, top = min(x for x, _ in around), min(y for _, y in around)
    center = Point(MARGIN + box.width / 2 - left, MARGIN + box.height / 2 - top)
    centers = {
        name: Point(center.x + x, center.y + y) for name, (x, y) in zip(names, around, strict=True)
    }
    right, bottom = max(x for x, _ in around), max(y for _, y in around)
    return Layout(
        size=Size(
            center.x + right + box.width / 2 + MARGIN, center.y + bottom + box.height / 2 + MARGIN
        ),
        centers=centers,
        routes={link: _curve(box, centers, center, link, arrows) for link in arrows},
    )


def _ring(cell: Size, count: int) -> list[Point]:
    """Return points around a center: a row above and below, a column at each side, all bulging."""
    above, below, beside = _sides(cell, count)
    row, column = max(above, below), max(beside, 1)
    right, bottom = cell.width * (row + 1) / 2, cell.height * (column + 1) / 2

    def across(length: int, sign: int) -> list[Point]:
        places = [place - (length - 1) / 2 for place in range(length)]
        return [
            Point(cell.width * place, sign * (bottom + cell.height * _bulge(place, row)))
            for place in places
        ]

    def down(sign: int) -> list[Point]:
        places = [place - (beside - 1) / 2 for place in range(beside)]
        return [
            Point(sign * (right + cell.width / 2 * _bulge(place, column)), cell.height * place)
            for place in places
        ]

    return [*across(above, -1), *down(1), *across(below, 1)[::-1], *down(-1)[::-1]]


def _sides(cell: Size, count: int) -> tuple[int, int, int]:
    """Return how many are above, below and at each side, so that the ring has its aspect."""
    if count < 4:
        return count - count // 2, count // 2, 0

    def difference(above: int) -> float:
        beside = (count - 2 * above) // 2
        aspect = cell.width * (above + 2) / (cell.height * (beside + 2))
        return abs(math.log(aspect / ASPECT))

    above = min(range(1, (count - 2) // 2 + 1), key=difference)
    beside = (count - 2 * above) // 2
    return above, count - above - 2 * beside, beside


def _bulge(place: float, length: int) -> float:
    """Return how far one is outside of a straight side: 1 in the middle, 0 beyond the ends."""
    return 1 - (2 * place / (length + 1)) ** 2


def _curve(
    box: Size,
    centers: Mapping[str, Point],
    center: Point,
    link: LinkSpec,
    arrows: Sequence[LinkSpec],
) -> Route:
    """Return an arrow from the edge of one box to that of another, bent to the center."""
    source, target = centers[link.source], centers[link.target]
    bend = _between(center, _between(source, target, 0.5), BEND)
    if LinkSpec(link.target, link.source) in arrows:
        length = math.dist(source, target) or 1
        bend = Point(
            bend.x + APART / 2 * (target.y - source.y) / length,
            bend.y - APART / 2 * (target.x - source.x) / length,
        )
    start, end = _edge(box, source, bend), _edge(box, target, bend)
    return Route(
        path=f"M{_written(start)} Q{_written(bend)} {_written(end)}",
        middle=Point(
            (start.x + 2 * bend.x + end.x) / 4,
            (start.y + 2 * bend.y + end.y) / 4,
        ),
    )


def _edge(box: Size, center: Point, towards: Point) -> Point:
    """Return where the line from the center of a box leaves it."""
    dx, dy = towards.x - center.x, towards.y - center.y
    across = box.width / 2 / abs(dx) if dx else math.inf
    down = box.height / 2 / abs(dy) if dy else math.inf
    return _between(center, towards, min(across, down, 1.0))
