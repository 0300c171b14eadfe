"""The section of the comment about costs."""

from decimal import Decimal

from linkmesh.environment import Plan, costs, prices

from .fitting import Section
from .markdown import code, plain


def section(deployed: Plan, described: Plan) -> Section:
    """Write the monthly difference, and each line of the estimate that changes."""
    before, after = costs.estimate(deployed), costs.estimate(described)
    old = {(each.of, each.what): each.monthly for each in before.lines}
    new = {(each.of, each.what): each.monthly for each in after.lines}
    rows = [
        f"| {code(of)} | {plain(what)} | {_usd(old, (of, what))} | {_usd(new, (of, what))} |\n"
        for of, what in sorted({*old, *new})
        if ((of, what) in old) != ((of, what) in new) or old[of, what] != new[of, what]
    ]
    least = "" if before.is_complete and after.is_complete else ", without items that have no price"
    difference = after.total - before.total
    summary = (
        f"**{difference:+.2f} USD a month**: from {before.total:.2f} to {after.total:.2f}{least}"
        f" (list prices of {prices.READ_ON}, {after.traffic_gib:f} GiB a month on each link).\n"
    )
    opening = f"\n### Costs\n\n{summary}"
    if rows:
        opening += "\n| of | what | before | after |\n|---|---|--:|--:|\n"
    return Section(opening=opening, items=tuple(rows), most=8_000)


def _usd(prices_of: dict[tuple[str, str], Decimal | None], key: tuple[str, str]) -> str:
    if key not in prices_of:
        return ""
    amount = prices_of[key]
    return "no price" if amount is None else f"{amount:.2f}"
