"""
Clusters and links as a Mermaid flowchart, with changes in color.

Nodes have numbers as names, because words such as `end` are reserved in Mermaid.
Source: https://mermaid.js.org/syntax/flowchart.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from linkmesh.environment import ClusterSpec, Eks, Existing, LinkPlan, LinkSpec, Plan


class ChangeKind(Enum):
    """How a cluster or a link changes; the value is the name of its style."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


_COLOURS = {
    ChangeKind.ADDED: "#1a7f37",
    ChangeKind.CHANGED: "#9a6700",
    ChangeKind.REMOVED: "#cf222e",
}

# More names than this on one arrow cannot be read.
NAMES_ON_ARROW = 3


@dataclass(frozen=True, kw_only=True)
class Node:
    """A cluster."""

    name: str
    """Its name."""

    label: str = ""
    """A short description."""

    change: ChangeKind = ChangeKind.UNCHANGED
    """How it changes."""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A link, labelled with what its source calls."""

    link: LinkSpec
    """The link."""

    label: str = ""
    """The services that are called."""

    change: ChangeKind = ChangeKind.UNCHANGED
    """How it changes."""


def mermaid(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> list[str]:
    """Draw a flowchart, a line each, without the fence that Markdown puts around it."""
    number = {node.name: f"c{index}" for index, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for node in nodes:
        text = f"{node.name}<br/>{node.label}" if node.label else node.name
        style = "" if node.change is ChangeKind.UNCHANGED else f":::{node.change.value}"
        lines.append(f'  {number[node.name]}["{_quoted(text)}"]{style}')
    for arrow in arrows:
        line = "-.->" if arrow.change is ChangeKind.REMOVED else "-->"
        label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {number[arrow.link.source]} {line}{label} {number[arrow.link.target]}")
    used = {node.change for node in nodes}
    for change, colour in _COLOURS.items():
        if change in used:
            lines.append(f"  classDef {change.value} stroke:{colour},stroke-width:3px")
        indices = [str(index) for index, arrow in enumerate(arrows) if arrow.change is change]
        if indices:
            lines.append(f"  linkStyle {','.join(indices)} stroke:{colour},stroke-width:3px")
    return lines


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("\n", " ")


def kind_of(cluster: ClusterSpec) -> str:
    """Return the kind of a cluster, with its region on AWS."""
    if isinstance(cluster, Eks):
        return f"EKS, {cluster.region}"
    return "exists" if isinstance(cluster, Existing) else "kind"


def names_on_arrow(services: Iterable[str]) -> str:
    """List some services by name, and count the others."""
    known = sorted(services)
    shown = ", ".join(known[:NAMES_ON_ARROW])
    more = len(known) - NAMES_ON_ARROW
    return f"{shown} and {more} more" if more > 0 else shown


def of_environment(plan: Plan) -> list[str]:
    """Draw a described environment."""
    nodes = [Node(name=each.name, label=kind_of(each.described)) for each in plan.clusters.values()]
    arrows = [
        Arrow(link=link.described, label=names_on_arrow(link.services)) for link in plan.links
    ]
    return mermaid(nodes, arrows)


def of_change(before: Plan, after: Plan) -> list[str]:
    """Draw the difference of two states of an environment."""
    old = {name: cluster.described for name, cluster in before.clusters.items()}
    new = {name: cluster.described for name, cluster in after.clusters.items()}
    nodes = [
        Node(name=name, label=kind_of(cluster), change=_change(old.get(name), new.get(name)))
        for name, cluster in sorted({**old, **new}.items())
    ]
    was = {link.described: _carried(link) for link in before.links}
    will = {link.described: _carried(link) for link in after.links}
    # An arrow changes with the services of its link, and with its modes.
    old_ways = {link.described: (_carried(link), link.modes) for link in before.links}
    new_ways = {link.described: (_carried(link), link.modes) for link in after.links}
    arrows = [
        Arrow(
            link=link,
            label=_change_on_arrow(was.get(link, ()), will.get(link, ())),
            change=_change(old_ways.get(link), new_ways.get(link)),
        )
        for link in sorted({*was, *will})
    ]
    return mermaid(nodes, arrows)


def _carried(link: LinkPlan) -> tuple[str, ...]:
    return tuple(sorted(link.services))


def _change_on_arrow(before: Sequence[str], after: Sequence[str]) -> str:
    old, new = set(before), set(after)
    if not old or not new:
        return names_on_arrow(old | new)
    marked = [
        *(f"- {name}" for name in sorted(old - new)),
        *(f"+ {name}" for name in sorted(new - old)),
    ]
    return ", ".join(marked) if 0 < len(marked) <= NAMES_ON_ARROW else names_on_arrow(new)


def _change(before: object, after: object) -> ChangeKind:
    if after is None:
        return ChangeKind.REMOVED
    if before is None:
        return ChangeKind.ADDED
    return ChangeKind.UNCHANGED if before == after else ChangeKind.CHANGED
