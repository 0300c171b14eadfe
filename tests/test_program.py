"""The program that Pulumi runs for every stack."""

import gc
import runpy

import pytest

from linkmesh import stacks
from tests.project import PROJECT


def test_registered_objects_are_not_scanned_by_the_garbage_collector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collecting: list[bool] = []
    monkeypatch.setattr(stacks, "deploy", lambda: collecting.append(gc.isenabled()))

    try:
        runpy.run_path(str(PROJECT / "__main__.py"))
    finally:
        gc.enable()

    assert collecting == [False]
