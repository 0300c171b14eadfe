"""Changes that AWS would refuse half-way: compared with the outputs of the clusters' stacks."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.operations.changes import ImpossibleChangeError, check
from cli.runs.run import Project
from components.environment import Plan
from stacks import snapshot
from tests.components.environment.described import on_aws, planned

EAST = on_aws("east", block=20)


def project(deployed: Plan | None) -> Project:
    """Make a project whose stack of east was deployed from a description, or never."""

    def outputs(stack: str) -> dict[str, Any]:
        assert stack == "demo.east"
        return {} if deployed is None else {"description": snapshot.stack_record(deployed, "east")}

    return cast(Project, SimpleNamespace(outputs=outputs))


def test_a_live_network_is_not_replaced() -> None:
    moved = planned(replace(EAST, cidr="10.21.0.0/16"))

    with pytest.raises(ImpossibleChangeError, match=r"cidr of 'east' must stay 10\.20\.0\.0/16"):
        check(project(planned(EAST)), "demo", moved)


def test_a_cluster_that_is_not_deployed_may_be_anything() -> None:
    check(project(None), "demo", planned(EAST))
    check(project(planned(EAST)), "demo", planned(EAST))
