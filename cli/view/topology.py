"""The picture of clusters and links with their states, and the table of every link at once."""

from collections.abc import Iterator

from linkmesh.environment import LinkSpec

from ..diagram.marks import Mark, Marks
from ..diagram.mermaid import names_on_arrow
from ..diagram.svg import picture
from ..status.evaluate import Report, State
from ..status.render import summary
from .content import Content
from .markup import Html, section, table, tag
from .observed import gateway_pods
from .states import SIGNS, count, legend

# With more clusters, the names above the table of links are upright.
UPRIGHT = 6


def topology(content: Content) -> Html:
    """Draw clusters and links; a link that one looks at stands out."""
    report = content.report
    drawn = Html(
        picture(content.name, content.plan, _marks(content, report) if report else Marks())
    )
    shown = list(dict.fromkeys(each.state for each in report.evaluations)) if report else []
    note = "Arrows point from the cluster that calls to the one that is called."
    if report is None:
        note += " No cluster was asked for its state."
    return section(
        "topology",
        "Topology",
        tag("style", Html("".join(_focus(len(content.plan.names))))),
        tag("div", drawn, class_="picture", tabindex="0"),
        legend(sorted(shown, key=list(State).index)) if shown else "",
        tag("p", note, class_="note"),
    )


def _marks(content: Content, report: Report) -> Marks:
    """Return what clusters and links look like, from their health."""
    return Marks(
        clusters={name: _cluster(content, report, name) for name in report.clusters},
        links={link: _link(report, link) for link in report.links},
    )


def _cluster(content: Content, report: Report, name: str) -> Mark:
    evaluation, observed = report.clusters[name], report.observed.clusters[name]
    versions = [f"Kubernetes {observed.kubernetes}"] if observed.kubernetes else []
    own = [found for each, found in report.exports if each.expected.export.source == name]
    has_gateway = content.plan.clusters[name].gateway is not None and observed.workloads
    gateway = f"gateway {gateway_pods(observed)}" if has_gateway else ""
    lines = [*versions, observed.linkerd, gateway, count(own, "mirrors")]
    return Mark(
        style=evaluation.state.value,
        sign=SIGNS[evaluation.state],
        title=f"{name}: {summary(evaluation)}",
        lines=[line for line in lines if line],
    )


def _link(report: Report, link: LinkSpec) -> Mark:
    evaluation = report.links[link]
    # The sign is on what needs attention; a hundred others would hide it.
    sign = "" if evaluation.state is State.OK else SIGNS[evaluation.state]
    return Mark(style=evaluation.state.value, sign=sign, title=summary(evaluation))


def _focus(clusters: int) -> Iterator[str]:
    """Dim every link that is not of the cluster under the pointer, or in the focus."""
    for index in range(clusters):
        looked_at = ",".join(f"#cluster-{index}:{how}" for how in ("hover", "focus"))
        yield f".picture:has({looked_at}) .link:not(.of-{index}){{opacity:.08}}\n"


def matrix(content: Content) -> Html:
    """Show every link in a table of sources and targets."""
    plan, report = content.plan, content.report
    names = plan.names
    if not plan.links:
        return Html()
    known = {link.described: link for link in plan.links}
    rows = []
    for source in names:
        cells = []
        for target in names:
            link = known.get(LinkSpec(source, target))
            if link is None:
                cells.append(tag("span", "·", class_="none"))
                continue
            evaluation = report.links[link.described] if report else None
            called = names_on_arrow(link.services) or "nothing yet"
            title = f"{link}: {called}"
            if evaluation:
                title += f"; {summary(evaluation)}"
            sign = SIGNS[evaluation.state] if evaluation else "→"
            text = f"{sign} {len(link.services)}"
            state = evaluation.state.value if evaluation else ""
            cells.append(tag("span", text, class_=state, title=title))
        rows.append([tag("b", source), *cells])
    note = "Rows call columns. The number counts the services that are called over the link."
    # Long names side by side would not fit, so many are upright.
    style = "matrix upright" if len(names) > UPRIGHT else "matrix"
    grid = table(["from \\ to", *(tag("span", name) for name in names)], rows, class_=style)
    return section("matrix", "Links at a glance", grid, tag("p", note, class_="note"))
