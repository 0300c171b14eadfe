"""Numbered generations of tokens, keys and anchors: an old one and a new one during a rotation."""

from collections.abc import Sequence


def named(name: str, generation: int) -> str:
    """Name a generation; the first has the plain name."""
    return name if generation == 1 else f"{name}-{generation}"


def are_rising(numbers: Sequence[int]) -> bool:
    """Return whether numbers are generations: rising, from 1 or more, at least one."""
    return bool(numbers) and list(numbers) == sorted({*numbers}) and numbers[0] >= 1
