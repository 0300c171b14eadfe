"""
Where the clusters and arrows of a picture are.

A few links are drawn in layers, from source to target, with room for what the arrows say. Many
links between the same clusters have no layers: those clusters are on a circle, and arrows bend to
its center, so that none crosses a cluster. The same input gives the same picture.
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

# A chain that would be wider than this, which a screen shows, continues in new rows. Then the
# picture is about this much wider than high.
WIDEST = 1200.0
ASPECT = 1.8

# How far an arrow on a circle bends towards the center: at 0 all the way, at 1 not at all.
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
    """Return whether clusters are on a circle, where arrows have no labels."""
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


def on_a_circle(box: Size, names: Sequence[str], arrows: Sequence[LinkSpec]) -> Layout:
    """
    Place clusters on a circle, clockwise from the top; it is as much wider than high as a box is.

    Args:
        box: the size of every cluster.
    """
    # The smallest on which no box covers the next one, not even half way between top and side.
    scale = 1 / (math.sqrt(2) * math.sin(math.pi / max(len(names), 4)))
    across, down = scale * (box.width + GAP), scale * (box.height + GAP)
    center = Point(MARGIN + box.width / 2 + across, MARGIN + box.height / 2 + down)
    angles = [2 * math.pi * index / len(names) for index in range(len(names))]
    centers = {
        name: Point(center.x + across * math.sin(angle), center.y - down * math.cos(angle))
        for name, angle in zip(names, angles, strict=True)
    }
    return Layout(
        size=Size(2 * center.x, 2 * center.y),
        centers=centers,
        routes={link: _curve(box, centers, center, link, arrows) for link in arrows},
    )


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
