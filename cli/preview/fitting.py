"""
Makes a text of sections fit in a number of characters: the first sections first; pure.

A section that does not fit is cut between its items and says how many are left out. No section may
take more than its share, so that an enormous one leaves room for those after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Kept free for the last line, which says what was left out.
RESERVE = 200


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a text that can be cut between its items."""

    opening: str
    """What stands before the items."""

    items: tuple[str, ...] = ()
    """What is told, important things first."""

    closing: str = ""
    """What stands after the items, also after a cut."""

    most: int
    """How many characters it may take."""

    is_whole: bool = False
    """Whether it makes no sense when it is cut, as a picture."""

    def written(self, room: int) -> str:
        """Write as many items as fit; empty if it cannot even begin."""
        room = min(room, self.most)
        whole = self.opening + "".join(self.items) + self.closing
        if len(whole) <= room:
            return whole
        if self.is_whole:
            return ""
        size = len(self.opening) + len(self.closing)
        kept = 0
        while kept < len(self.items):
            after = size + len(self.items[kept])
            if after + len(self._note(kept + 1)) > room:
                break
            size = after
            kept += 1
        if not kept:
            return ""
        return self.opening + "".join(self.items[:kept]) + self.closing + self._note(kept)

    def _note(self, kept: int) -> str:
        left = len(self.items) - kept
        return f"\n… and {left} more, left out for length.\n" if left else ""


def written(sections: Iterable[Section], limit: int) -> str:
    """Write sections one after another in fewer than `limit` characters."""
    text = ""
    left_out = 0
    for section in sections:
        added = section.written(limit - 1 - RESERVE - len(text))
        left_out += not added
        text += added
    if left_out:
        text += f"\n… and {left_out} more sections, left out for length.\n"
    return text
