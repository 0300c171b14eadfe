"""Texts of a picture: how large they are, and how they are written."""

from collections.abc import Iterator, Sequence
from html import escape

from .layout import Point, Size

# Letters of every common monospaced font are at most this wide, in units of its size.
LETTER = 0.62

NAME, SMALL, SIGN = 14, 12, 18
LINE_HEIGHT = 1.4


def text_size(lines: Sequence[str], size: float) -> Size:
    """Return how much room lines below each other need, in any common monospaced font."""
    letters = max(map(_letters, lines), default=0)
    return Size(letters * LETTER * size, len(lines) * LINE_HEIGHT * size)


def _letters(text: str) -> int:
    """Count letters; those that are not ASCII may be twice as wide."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def texts(lines: Sequence[str], center: Point, size: float, style: str) -> Iterator[str]:
    """Write lines below each other around a center."""
    top = center.y - len(lines) * LINE_HEIGHT * size / 2
    for index, line in enumerate(lines):
        baseline = top + (index * LINE_HEIGHT + 1.0) * size
        yield f'<text class="{style}" x="{center.x:.1f}" y="{baseline:.1f}">{escape(line)}</text>'
