"""
An environment as an SVG picture.

Up to three clusters are drawn in a row, more on a circle, in the order of the description. Arrows
point from source to target, labelled with the services that are called. If there are many links,
labels are left out.
"""

import math
from collections.abc import Iterator
from html import escape

from linkmesh.environment import LinkSpec, Plan

from .mermaid import kind_of, names_on_arrow

WIDTH, HEIGHT = 150, 48
MARGIN = 30
NAMED_LINKS = 24

# Up to this many clusters are drawn in a row.
ROW = 3

# How far arrows are bent: around a cluster, and beside the arrow of the opposite direction.
OVER, BESIDE = 70, 26

Point = tuple[float, float]

_STYLE = (
    "text{font-family:sans-serif;font-size:13px;text-anchor:middle;fill:#1f2328}"
    ".small{font-size:11px;fill:#59636e}"
    ".called{font-size:11px;stroke:#fff;stroke-width:4px;paint-order:stroke}"
    "rect{fill:#f6f8fa;stroke:#59636e;stroke-width:1.5}"
    "polygon{fill:#0969da}"
    "path{fill:none;stroke:#0969da;stroke-width:1.5;marker-end:url(#head)}"
)


def svg(name: str, plan: Plan) -> str:
    """Draw an environment."""
    space = _space(plan)
    places = _places(plan.names, space)
    width = max((x for x, _ in places.values()), default=0) + WIDTH / 2 + MARGIN
    height = max((y for _, y in places.values()), default=0) + HEIGHT / 2 + MARGIN + space
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{escape(name)}</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="head" markerWidth="9" markerHeight="8" refX="8" refY="4" '
        'orient="auto"><polygon points="0,0 9,4 0,8"/></marker></defs>',
        '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
        *_links(plan, places),
        *_clusters(plan, places),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _space(plan: Plan) -> float:
    """Return the space for bent arrows above and below a row of clusters."""
    over = any(_passes_over(link.described, plan.names) for link in plan.links)
    return OVER if over and len(plan.names) <= ROW else 0


def _places(names: list[str], space: float) -> dict[str, Point]:
    """Return the center of each cluster."""
    left, top = MARGIN + WIDTH / 2, MARGIN + HEIGHT / 2 + space
    if len(names) <= ROW:
        return {name: (left + index * WIDTH * 2.1, top) for index, name in enumerate(names)}
    radius = max(170.0, len(names) * (WIDTH + 40) / (2 * math.pi))
    places = {}
    for index, name in enumerate(names):
        angle = 2 * math.pi * index / len(names) - math.pi / 2
        places[name] = (
            left + radius * (1 + math.cos(angle)),
            top + radius * (1 + math.sin(angle)),
        )
    return places


def _clusters(plan: Plan, places: dict[str, Point]) -> Iterator[str]:
    for cluster in plan.clusters.values():
        x, y = places[cluster.name]
        yield (
            f'<rect x="{x - WIDTH / 2:.1f}" y="{y - HEIGHT / 2:.1f}" width="{WIDTH}" '
            f'height="{HEIGHT}" rx="8"/>'
        )
        yield f'<text x="{x:.1f}" y="{y - 3:.1f}">{escape(cluster.name)}</text>'
        kind = escape(kind_of(cluster.described))
        yield f'<text class="small" x="{x:.1f}" y="{y + 14:.1f}">{kind}</text>'


def _links(plan: Plan, places: dict[str, Point]) -> Iterator[str]:
    known = set(plan.environment.links)
    is_named = len(plan.links) <= NAMED_LINKS
    for link in plan.links:
        bend = BESIDE if LinkSpec(link.target, link.source) in known else 0
        bend = OVER if _passes_over(link.described, plan.names) else bend
        start, middle, end = _curve(places[link.source], places[link.target], bend)
        yield (
            f'<path d="M{start[0]:.1f},{start[1]:.1f} Q{middle[0]:.1f},{middle[1]:.1f} '
            f'{end[0]:.1f},{end[1]:.1f}"/>'
        )
        called = names_on_arrow(link.services) if is_named else ""
        if called:
            x = (start[0] + 2 * middle[0] + end[0]) / 4
            y = (start[1] + 2 * middle[1] + end[1]) / 4
            yield f'<text class="called" x="{x:.1f}" y="{y - 6:.1f}">{escape(called)}</text>'


def _passes_over(link: LinkSpec, names: list[str]) -> bool:
    """Return whether a straight arrow would cross a cluster: the middle one of three in a row."""
    return len(names) == ROW and abs(names.index(link.source) - names.index(link.target)) == 2


def _curve(source: Point, target: Point, bend: float) -> tuple[Point, Point, Point]:
    """Return an arrow from the edge of one box to that of another, bent to its left."""
    dx, dy = target[0] - source[0], target[1] - source[1]
    length = math.hypot(dx, dy) or 1
    middle = (
        (source[0] + target[0]) / 2 + 2 * bend * dy / length,
        (source[1] + target[1]) / 2 - 2 * bend * dx / length,
    )
    return _edge(source, middle), middle, _edge(target, middle)


def _edge(box: Point, towards: Point) -> Point:
    """Return where the line from the center of a box leaves it, and a little further."""
    dx, dy = towards[0] - box[0], towards[1] - box[1]
    across = (WIDTH / 2 + 4) / abs(dx) if dx else math.inf
    down = (HEIGHT / 2 + 4) / abs(dy) if dy else math.inf
    ratio = min(across, down, 1.0)
    return box[0] + dx * ratio, box[1] + dy * ratio
