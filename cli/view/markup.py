"""
Parts of HTML. Every text is escaped when it becomes a part, so nothing in a description is markup.
"""

from collections.abc import Iterable, Sequence
from html import escape

# Longer tables are folded at first.
OPEN_ROWS = 30


class Html(str):
    """Markup that is written as it is."""

    __slots__ = ()


def tag(name: str, *content: str, **attributes: str) -> Html:
    """
    Make an element; content that is no `Html` is escaped.

    Args:
        attributes: with an underscore behind those that are words of Python: `class_`.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    return Html(f"<{name}{written}>{joined(content)}</{name}>")


def joined(content: Iterable[str]) -> Html:
    """Join contents; those that are no `Html` are escaped."""
    return Html("".join(one if isinstance(one, Html) else escape(one) for one in content))


def section(key: str, title: str, *content: str) -> Html:
    """Make a section with a heading, or nothing if it has no content."""
    if not any(content):
        return Html()
    return tag("section", tag("h2", title), *content, id=key)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], class_: str = "") -> Html:
    """Make a table, which scrolls in itself if the page is narrow; nothing if it has no rows."""
    lines = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    if not lines:
        return Html()
    first = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head)))
    made = tag("table", first, tag("tbody", *lines), class_=class_)
    return tag("div", made, class_="scroll", tabindex="0")


def folded(key: str, what: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """Make a table that readers can fold; one that is long is folded at first."""
    title = f"{len(rows)} {what}"
    return details(key, title, table(head, rows), is_open=len(rows) <= OPEN_ROWS)


def details(key: str, title: str, content: str, *, is_open: bool = False) -> Html:
    """Make a part that readers unfold; nothing if it has no content."""
    if not content:
        return Html()
    opening = {"open": "open"} if is_open else {}
    return tag("details", tag("summary", title), content, id=key, **opening)


def listed(items: Iterable[str]) -> Html:
    """Make a list; nothing if it has no items."""
    lines = [tag("li", item) for item in items]
    return tag("ul", *lines) if lines else Html()
