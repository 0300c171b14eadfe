"""The parts of the page that the description alone decides: calls, access, costs, advice."""

from decimal import Decimal

from linkmesh.environment import Plan, costs, prices
from linkmesh.stacks import snapshot

from ..plan.advice import advice
from ..plan.statements import Topic, statements
from .content import Content
from .markup import Html, details, folded, joined, listed, section, table, tag


def access(content: Content) -> Html:
    """Say who may call whom, and from where."""
    plan = content.plan
    stated = statements(snapshot.described(plan))
    calls = [(one.subject, one.detail) for one in stated[Topic.CALL]]
    rights = [(one.subject, one.detail) for one in stated[Topic.RIGHT]]
    head = ["cluster", "who", "from", "what", "enforced by"]
    parts = [
        folded("calls", "calls", ["who", "how"], calls),
        folded("openings", "addresses that may reach clusters on EKS", head, _openings(plan)),
        folded("rights", "rights", ["who", "what"], rights),
    ]
    return section("access", "Who may call whom, and from where", joined(parts))


def _openings(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            cluster.name,
            opening.row.caller,
            ", ".join(dict.fromkeys(map(str, opening.blocks))),
            f"{opening.row.place}: {', '.join(map(str, opening.ports))}",
            opening.row.enforced_by.value,
        )
        for cluster in plan.eks
        for opening in cluster.openings
    ]


def monthly(content: Content) -> Html:
    """Show what the environment costs a month, for each cluster and link."""
    estimate = costs.estimate(content.plan)
    if not estimate.lines:
        return Html()
    sums: dict[str, Decimal] = {}
    for line in estimate.lines:
        sums[line.of] = sums.get(line.of, Decimal()) + (line.monthly or Decimal())
    least = "" if estimate.is_complete else "at least "
    total = ("all", tag("b", f"{least}{estimate.total:.2f}"))
    rows = [*((of, f"{amount:.2f}") for of, amount in sums.items()), total]
    each = [
        (line.of, line.what, "no price" if line.monthly is None else f"{line.monthly:.2f}")
        for line in estimate.lines
    ]
    note = (
        f"USD a month of {costs.HOURS} hours, list prices of {prices.READ_ON}, "
        f"{estimate.traffic_gib:f} GiB a month on each link. {' '.join(costs.WITHOUT)}"
    )
    return section(
        "costs",
        "Costs",
        table(["of", "USD a month"], rows, class_="numbers"),
        details(
            "cost-lines",
            f"{len(each)} single costs",
            table(["of", "what", "USD a month"], each, class_="numbers"),
        ),
        tag("p", note, class_="note"),
    )


def checks(content: Content) -> Html:
    """List what should be checked about the description."""
    return section("checks", "To check", listed(advice(content.name, content.plan)))
