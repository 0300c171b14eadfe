"""Programs of stacks find their modules loaded: of their own environment, and of no other kind."""

import os
import subprocess
import sys

import pytest

from linkmesh.cli.runs.preloading import OF_CLUSTERS, OF_EVERY_ENVIRONMENT, SERVING, preloaded
from linkmesh.environment import Eks, Kind
from tests.components.environment.described import on_aws, planned
from tests.project import PROJECT


@pytest.mark.parametrize(
    "module", [*SERVING[1:], *OF_EVERY_ENVIRONMENT, *OF_CLUSTERS[Eks], *OF_CLUSTERS[Kind]]
)
def test_what_is_preloaded_is_there(module: str) -> None:
    """The standard library passes over a module that it does not find."""
    __import__(module)
    assert os.path.isfile(str(sys.modules[module].__file__))


def test_programs_of_the_demo_load_nothing_more() -> None:
    program = """
import sys
from linkmesh.cli.runs.preloading import preloaded
from linkmesh.stacks import deploy, load
from tests import engine
from tests.stacks.contracts import exported

plan = load("demo")
for module in preloaded(plan):
    __import__(module)
stacks, before = exported("demo", plan), {*sys.modules}
for part in plan.parts:
    engine.run(deploy, stack=f"demo.{part}", stacks=stacks)
# One that would load at its first use has another type until then.
print(*(name for name in {*sys.modules} - before if type(sys.modules[name]) is type(sys)))
"""

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []


def test_an_environment_without_eks_does_not_load_the_sdk_of_aws() -> None:
    modules = preloaded(planned(Kind("local")))

    loading = f"import sys\nfor each in {modules!r}: __import__(each)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loading], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert "pulumi_kind" in done.stdout.split()
    assert "pulumi_aws" not in done.stdout.split()


def test_what_is_imported_first_disables_the_collector_of_garbage() -> None:
    reading = f"import gc; __import__({SERVING[0]!r}); print(gc.isenabled())"
    done = subprocess.run(
        [sys.executable, "-c", reading], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False"]


def test_without_programs_nothing_is_loaded_but_what_serves_them() -> None:
    assert preloaded(None) == SERVING
    assert {*SERVING} < {*preloaded(planned(on_aws("west")))}
