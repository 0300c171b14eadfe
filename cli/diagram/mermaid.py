"""
Clusters and links as a picture in Mermaid, with what changes in colour; pure.

Nodes have numbers for names: words such as `end` are Mermaid's own.
Source: https://mermaid.js.org/syntax/flowchart.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from stacks.environment import Eks, Environment, Existing, LinkSpec, Member


class Fate(Enum):
    """What becomes of a cluster or a link; the value is the name of its style."""

    KEPT = "kept"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


_COLOURS = {Fate.ADDED: "#1a7f37", Fate.CHANGED: "#9a6700", Fate.REMOVED: "#cf222e"}

# More names than this on one arrow cannot be read.
NAMES_ON_ARROW = 3


@dataclass(frozen=True, kw_only=True)
class Node:
    """A cluster."""

    name: str
    """Its name."""

    label: str = ""
    """What it is, in a few words."""

    fate: Fate = Fate.KEPT
    """What becomes of it."""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A link, and what its source calls by it."""

    link: LinkSpec
    """The link."""

    label: str = ""
    """What is called."""

    fate: Fate = Fate.KEPT
    """What becomes of it."""


def mermaid(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> list[str]:
    """Draw a flowchart, a line each, without the fence that Markdown puts around it."""
    number = {node.name: f"c{index}" for index, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for node in nodes:
        text = f"{node.name}<br/>{node.label}" if node.label else node.name
        style = "" if node.fate is Fate.KEPT else f":::{node.fate.value}"
        lines.append(f'  {number[node.name]}["{_quoted(text)}"]{style}')
    for arrow in arrows:
        line = "-.->" if arrow.fate is Fate.REMOVED else "-->"
        label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {number[arrow.link.source]} {line}{label} {number[arrow.link.target]}")
    used = {node.fate for node in nodes}
    for fate, colour in _COLOURS.items():
        if fate in used:
            lines.append(f"  classDef {fate.value} stroke:{colour},stroke-width:3px")
        indices = [str(index) for index, arrow in enumerate(arrows) if arrow.fate is fate]
        if indices:
            lines.append(f"  linkStyle {','.join(indices)} stroke:{colour},stroke-width:3px")
    return lines


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("\n", " ")


def kind_of(cluster: Member) -> str:
    """Say in a few words what a cluster is."""
    if isinstance(cluster, Eks):
        return f"EKS, {cluster.region}"
    return "exists" if isinstance(cluster, Existing) else "kind"


def called_by(environment: Environment, link: LinkSpec) -> list[str]:
    """Name the services that a link's source calls on its target."""
    return [
        export.service
        for export in environment.exports
        if export.of == link.target and link.source in environment.callers_of(export)
    ]


def names_on_arrow(services: Iterable[str]) -> str:
    """Name some services, and count the others."""
    known = sorted(services)
    shown = ", ".join(known[:NAMES_ON_ARROW])
    more = len(known) - NAMES_ON_ARROW
    return f"{shown} and {more} more" if more > 0 else shown


def of_environment(environment: Environment) -> list[str]:
    """Draw an environment as it is described."""
    nodes = [Node(name=each.name, label=kind_of(each)) for each in environment.clusters]
    arrows = [
        Arrow(link=link, label=names_on_arrow(called_by(environment, link)))
        for link in environment.links
    ]
    return mermaid(nodes, arrows)


def of_change(before: Environment, after: Environment) -> list[str]:
    """Draw two times of an environment in one picture."""
    old = {cluster.name: cluster for cluster in before.clusters}
    new = {cluster.name: cluster for cluster in after.clusters}
    nodes = [
        Node(name=name, label=kind_of(cluster), fate=_fate(old.get(name), new.get(name)))
        for name, cluster in sorted({**old, **new}.items())
    ]
    was = {link: _carried(before, link) for link in before.links}
    will = {link: _carried(after, link) for link in after.links}
    # An arrow changes with what it carries, and with the way in which it does.
    old_ways = {link: (was[link], before.modes_of(link)) for link in was}
    new_ways = {link: (will[link], after.modes_of(link)) for link in will}
    arrows = [
        Arrow(
            link=link,
            label=_change_on_arrow(was.get(link, ()), will.get(link, ())),
            fate=_fate(old_ways.get(link), new_ways.get(link)),
        )
        for link in sorted({*was, *will})
    ]
    return mermaid(nodes, arrows)


def _carried(environment: Environment, link: LinkSpec) -> tuple[str, ...]:
    return tuple(sorted(called_by(environment, link)))


def _change_on_arrow(before: Sequence[str], after: Sequence[str]) -> str:
    old, new = set(before), set(after)
    if not old or not new:
        return names_on_arrow(old | new)
    marked = [
        *(f"- {name}" for name in sorted(old - new)),
        *(f"+ {name}" for name in sorted(new - old)),
    ]
    return ", ".join(marked) if 0 < len(marked) <= NAMES_ON_ARROW else names_on_arrow(new)


def _fate(before: object, after: object) -> Fate:
    if after is None:
        return Fate.REMOVED
    if before is None:
        return Fate.ADDED
    return Fate.KEPT if before == after else Fate.CHANGED
