"""Clusters in a ring, with arrows that bend to its center."""

import math
from collections.abc import Mapping, Sequence

from linkmesh.environment import LinkSpec

from .layout import ASPECT, GAP, MARGIN, Layout, Point, Route, Size, between, written

# How far an arrow bends towards the center: at 0 all the way, at 1 not at all.
BEND = 0.3

# Distance of two arrows in opposite directions, at the point where they bend.
APART = 34.0


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
    bend = between(center, between(source, target, 0.5), BEND)
    if LinkSpec(link.target, link.source) in arrows:
        length = math.dist(source, target) or 1
        bend = Point(
            bend.x + APART / 2 * (target.y - source.y) / length,
            bend.y - APART / 2 * (target.x - source.x) / length,
        )
    start, end = _edge(box, source, bend), _edge(box, target, bend)
    return Route(
        path=f"M{written(start)} Q{written(bend)} {written(end)}",
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
    return between(center, towards, min(across, down, 1.0))
