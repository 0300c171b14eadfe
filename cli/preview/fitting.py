"""
Fits sections into a limited number of characters, the first sections first.

A section that does not fit is cut between its items, and says how many are left out. Each section
has a limit of its own, so that a large one leaves room for those after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Reserved for the last line, which says what was left out.
RESERVE = 200


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a text that can be cut between its items."""

    opening: str
    """Text before the items."""

    items: tuple[str, ...] = ()
    """The items, important ones first."""

    closing: str = ""
    """Text after the items, also if some are cut."""

    most: int
    """Maximal number of characters."""

    is_whole: bool = False
    """Whether it must not be cut, e.g. a picture."""

    def render(self, room: int) -> str:
        """Return as many items as fit; empty if none does."""
        room = min(room, self.most)
        whole = self.opening + "".join(self.items) + self.closing
        if len(whole) <= room:
            return whole
        if self.is_whole:
            return ""
        size = len(self.opening) + len(self.closing)
        count = 0
        while count < len(self.items):
            after = size + len(self.items[count])
            if after + len(self._note(count + 1)) > room:
                break
            size = after
            count += 1
        if not count:
            return ""
        return self.opening + "".join(self.items[:count]) + self.closing + self._note(count)

    def _note(self, count: int) -> str:
        left = len(self.items) - count
        return f"\n… and {left} more, left out for length.\n" if left else ""


def render_sections(sections: Iterable[Section], limit: int) -> str:
    """Join sections in fewer than `limit` characters."""
    text = ""
    left_out = 0
    for section in sections:
        added = section.render(limit - 1 - RESERVE - len(text))
        left_out += not added
        text += added
    if left_out:
        text += f"\n… and {left_out} more sections, left out for length.\n"
    return text
