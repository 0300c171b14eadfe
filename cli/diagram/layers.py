"""Clusters in layers, placed by graphlay; the only module that knows it."""

import math
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import count, pairwise
from typing import Any

from linkmesh.environment import LinkSpec

from ..errors import PreconditionError
from .layout import ASPECT, GAP, MARGIN, Layout, Point, Route, Size, between, written

# Space between layers, of which labels are some.
LAYER_GAP = 36.0

# A chain that would be wider than this, which a screen shows, continues in new rows.
WIDEST = 1200.0

# Radius of the corners of arrows.
CORNER = 8.0


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
    path = [f"M{written(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.append(f"L{written(_towards(corner, before))}")
        path.append(f"Q{written(corner)} {written(_towards(corner, after))}")
    path.append(f"L{written(points[-1])}")
    return " ".join(path)


def _towards(corner: Point, other: Point) -> Point:
    """Return where the rounding of a corner begins, on the way to the next one."""
    length = math.dist(corner, other)
    part = min(CORNER, length / 2) / (length or 1)
    return between(corner, other, part)


def _halfway(points: Sequence[Point]) -> Point:
    """Return the middle of the longest piece of a line."""
    one, other = max(pairwise(points), key=lambda pair: math.dist(*pair))
    return between(one, other, 0.5)
