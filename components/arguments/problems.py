"""Problems of a description: raised at once, or collected while its file is executed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


class DescriptionError(ValueError):
    """The description of an environment has problems; `problems` has one sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class _Collection:
    where: Callable[[], str]
    """Returns where in a description the running call is written."""

    problems: list[str] = field(default_factory=list)


_COLLECTION: ContextVar[_Collection | None] = ContextVar("collection", default=None)


@contextmanager
def collected(where: Callable[[], str]) -> Iterator[list[str]]:
    """
    Collect the problems of all arguments instead of raising the first.

    What is constructed with wrong arguments is incomplete, and must not be used.

    Args:
        where: returns where in a description the running call is written.
    Yields: the problems, which grow.
    """
    collection = _Collection(where)
    token = _COLLECTION.set(collection)
    try:
        yield collection.problems
    finally:
        _COLLECTION.reset(token)


def is_collecting() -> bool:
    """Return whether problems are collected, and not raised."""
    return _COLLECTION.get() is not None


def report(problems: Sequence[str]) -> None:
    """Collect problems, with the place that they are written at, or raise them."""
    collection = _COLLECTION.get()
    if collection is None:
        raise DescriptionError(problems)
    where = collection.where()
    collection.problems.extend(f"{where}: {problem}" for problem in problems)
