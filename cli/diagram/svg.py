"""
An environment as an SVG picture.

Arrows point from source to target. If there are few, they name the services that are called; if
there are many, two in opposite directions that look the same are one arrow with two heads. What a
cluster or link looks like is up to the caller: a style, a sign for readers who see no colors, and
lines below the name.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from linkmesh.environment import LinkSpec, Plan

from .layers import in_layers
from .layout import Layout, Point, Route, Size, is_dense
from .marks import ORDINARY, Mark, Marks
from .mermaid import kind_of, names_on_arrow
from .ring import in_a_ring
from .texts import LINE_HEIGHT, NAME, SIGN, SMALL, text_size, texts

PADDING = 12.0

# A label longer than this is in two lines.
LABEL_LETTERS = 26

# More arrows than this are thin.
MANY = 60

STYLE = (
    "text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    f"font-size:{SMALL}px;text-anchor:middle;fill:var(--ink,#1f2328)}}"
    f".name{{font-size:{NAME}px;font-weight:600}}.sign{{font-size:{SIGN}px}}"
    ".box{fill:var(--box,#f6f8fa);stroke:var(--line,#59636e);stroke-width:1.5}"
    ".arrow{fill:none;stroke:var(--link,#0969da);stroke-width:1.5}"
    ".head{fill:var(--link,#0969da);stroke:none}"
    ".many .arrow{stroke-width:1;stroke-opacity:.6}"
    ".called{stroke:var(--page,#fff);stroke-width:4px;paint-order:stroke}"
)


def svg(name: str, plan: Plan) -> str:
    """Draw an environment as a file of its own, on white."""
    drawn = picture(name, plan, Marks())
    opened, rest = drawn.split("\n", 1)
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{opened}\n<style>{STYLE}</style>\n{background}\n{rest}\n"


def picture(name: str, plan: Plan, marks: Marks) -> str:
    """Draw an environment as an element of a page, which has the style."""
    dense = is_dense(plan.names, plan.environment.links)
    arrows = _arrows(plan, marks, dense)
    boxes = {each: _box(plan, each, marks) for each in plan.names}
    if dense:
        widest = Size(*(max(sides) for sides in zip(*boxes.values(), strict=True)))
        boxes = dict.fromkeys(boxes, widest)
        placed = in_a_ring(widest, plan.names, list(arrows))
    else:
        labels = {link: _label_size(lines, _mark(marks, link)) for link, lines in arrows.items()}
        placed = in_layers(boxes, labels)
    width, height = placed.size
    crowd = ' class="many"' if len(arrows) > MANY else ""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" style="--width:{width:.0f}px" role="img"'
        f"{crowd}>",
        f"<title>{escape(name)}</title>",
        *_heads(marks),
        *_links(plan, arrows, placed, marks),
        *_clusters(plan, boxes, placed, marks),
        "</svg>",
    ]
    return "\n".join(lines)


def _arrows(plan: Plan, marks: Marks, dense: bool) -> dict[LinkSpec, Sequence[str]]:
    """Return what is drawn as an arrow, with the lines of its label."""
    drawn: dict[LinkSpec, Sequence[str]] = {}
    for each in plan.links:
        link, back = each.described, _opposite(each.described)
        if back in drawn and _mark(marks, back).style == _mark(marks, link).style:
            drawn[back] = _both(plan, back) if not dense else ()
        else:
            drawn[link] = _label(each.services) if not dense else ()
    return drawn


def _both(plan: Plan, link: LinkSpec) -> Sequence[str]:
    """Return a line for each direction that calls something, with the cluster that is called."""
    directions = (plan.link(*link), plan.link(*_opposite(link)))
    return [
        f"{names_on_arrow(each.services)} of {each.target}" for each in directions if each.services
    ]


def _opposite(link: LinkSpec) -> LinkSpec:
    return LinkSpec(link.target, link.source)


def _mark(marks: Marks, link: LinkSpec) -> Mark:
    return marks.links.get(link, ORDINARY)


def _label(services: Sequence[str]) -> Sequence[str]:
    """Return the names of the services, in two lines if they are long."""
    text = names_on_arrow(services)
    if len(text) <= LABEL_LETTERS or " " not in text:
        return (text,) if text else ()
    middle = min(
        (at for at, letter in enumerate(text) if letter == " "),
        key=lambda at: abs(at - len(text) / 2),
    )
    return text[:middle], text[middle + 1 :]


def _label_size(lines: Sequence[str], mark: Mark) -> Size | None:
    return text_size(_signed(lines, mark), SMALL) if lines else None


def _signed(lines: Sequence[str], mark: Mark) -> Sequence[str]:
    """Return a label with its sign in front."""
    return [f"{mark.sign} {lines[0]}", *lines[1:]] if mark.sign else lines


def _title(name: str, marks: Marks) -> str:
    sign = marks.clusters.get(name, ORDINARY).sign
    return f"{sign} {name}" if sign else name


def _small(plan: Plan, name: str, marks: Marks) -> list[str]:
    mark = marks.clusters.get(name, ORDINARY)
    return [kind_of(plan.clusters[name].described), *mark.lines]


def _box(plan: Plan, name: str, marks: Marks) -> Size:
    """Return the size of a cluster's box, from its texts."""
    title = text_size([_title(name, marks)], NAME)
    small = text_size(_small(plan, name, marks), SMALL)
    return Size(
        max(title.width, small.width, 80.0) + 2 * PADDING,
        title.height + small.height + 2 * PADDING,
    )


def _heads(marks: Marks) -> Iterator[str]:
    """Define the heads of arrows, one for each style, because a head has no color of its own."""
    styles = dict.fromkeys(["", *(mark.style for mark in marks.links.values())])
    yield "<defs>"
    for style in styles:
        yield (
            f'<marker id="head{style}" markerUnits="userSpaceOnUse" markerWidth="10" '
            'markerHeight="10" refX="9" refY="5" orient="auto-start-reverse">'
            f'<polygon class="{_classes("head", style)}" points="0,1 10,5 0,9"/></marker>'
        )
    yield "</defs>"


def _classes(*names: str) -> str:
    return " ".join(filter(None, names))


def _links(
    plan: Plan, arrows: Mapping[LinkSpec, Sequence[str]], placed: Layout, marks: Marks
) -> Iterator[str]:
    number = {name: index for index, name in enumerate(plan.names)}
    # What has a style is drawn over what has none.
    for link in sorted(arrows, key=lambda each: bool(_mark(marks, each).sign)):
        mark, route = _mark(marks, link), placed.routes[link]
        back = _opposite(link)
        both = back in plan.environment.links and back not in arrows
        ends = f"of-{number[link.source]} of-{number[link.target]}"
        start = f' marker-start="url(#head{mark.style})"' if both else ""
        yield f'<g class="{_classes("link", mark.style, ends)}">'
        yield f"<title>{escape(_link_title(link, both, mark))}</title>"
        yield (
            f'<path class="{_classes("arrow", mark.style)}" d="{route.path}"{start} '
            f'marker-end="url(#head{mark.style})"/>'
        )
        yield from _on_arrow(arrows[link], mark, route)
        yield "</g>"


def _link_title(link: LinkSpec, both: bool, mark: Mark) -> str:
    text = f"{link} and back" if both else str(link)
    return f"{text}: {mark.title}" if mark.title else text


def _on_arrow(label: Sequence[str], mark: Mark, route: Route) -> Iterator[str]:
    if not label:
        signs = [mark.sign] if mark.sign else []
        yield from texts(signs, route.middle, SIGN, _classes("called sign", mark.style))
        return
    style = _classes("called", mark.style)
    yield from texts(_signed(label, mark), route.middle, SMALL, style)


def _clusters(plan: Plan, boxes: Mapping[str, Size], placed: Layout, marks: Marks) -> Iterator[str]:
    for index, name in enumerate(plan.names):
        mark = marks.clusters.get(name, ORDINARY)
        (x, y), (width, height) = placed.centers[name], boxes[name]
        title, small = _title(name, marks), _small(plan, name, marks)
        all_lines = NAME * LINE_HEIGHT + len(small) * SMALL * LINE_HEIGHT
        top = y - all_lines / 2
        yield f'<g class="{_classes("cluster", mark.style)}" id="cluster-{index}" tabindex="0">'
        if mark.title:
            yield f"<title>{escape(mark.title)}</title>"
        yield (
            f'<rect class="{_classes("box", mark.style)}" x="{x - width / 2:.1f}" '
            f'y="{y - height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" rx="8"/>'
        )
        yield from texts(
            [title], Point(x, top + NAME * LINE_HEIGHT / 2), NAME, _classes("name", mark.style)
        )
        rest = Point(x, top + NAME * LINE_HEIGHT + len(small) * SMALL * LINE_HEIGHT / 2)
        yield from texts(small, rest, SMALL, "small")
        yield "</g>"
