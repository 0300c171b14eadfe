"""Settings of all tests."""

import gc

import pytest
from hypothesis import settings

# Fifty examples decide as much here as a hundred. A busy machine is no failure, and no folder with
# examples is left behind.
settings.register_profile("linkmesh", max_examples=50, deadline=None, database=None)
settings.load_profile("linkmesh")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that workers end at the same time."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    mark = item.get_closest_marker("sandbox")
    return 2 if mark is None else 0 if mark.kwargs.get("long") else 1


def pytest_configure() -> None:
    """
    Collect garbage seldom.

    Collection and programs on the note-taking engine make so many objects that a fifth of the
    tests' processor time went into looking for garbage.
    """
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    """Never look again at what collection has made."""
    gc.collect()
    gc.freeze()
