"""
What a picture is without its content: sizes, places, and ways of arrows.

A few links are drawn in layers, from source to target, with room for what the arrows say. Many
links between the same clusters have no layers: those clusters are in a ring, and arrows bend to its
center, so that none crosses a cluster. The same input gives the same picture.
Decision: docs/decisions/0028-pictures.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linkmesh.environment import LinkSpec

# More pairs of linked clusters than this for each cluster have no useful layers.
PAIRS_IN_LAYERS = 1.5

# Space between boxes, and around the picture.
GAP = 28.0
MARGIN = 24.0

# About how much wider than high a picture is that could have any shape.
ASPECT = 1.8


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


def between(one: Point, other: Point, part: float) -> Point:
    """Return a point on the line from one to another, at a part of its length."""
    return Point(one.x + (other.x - one.x) * part, one.y + (other.y - one.y) * part)


def written(point: Point) -> str:
    """Write a point for an SVG path."""
    return f"{point.x:.1f},{point.y:.1f}"
