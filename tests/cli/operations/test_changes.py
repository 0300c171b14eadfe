"""Changes that AWS would refuse half-way: compared with the outputs of the clusters' stacks."""

from dataclasses import replace

import pytest

from linkmesh.cli.operations.changes import ImpossibleChangeError, check
from linkmesh.cli.operations.removal import Outputs
from linkmesh.environment import Plan
from linkmesh.stacks import snapshot
from tests.components.environment.described import on_aws, planned

EAST = on_aws("east", block=20)


def outputs(deployed: Plan | None) -> Outputs:
    """Return the outputs of the stack of east, deployed from a description or never."""
    return (
        {}
        if deployed is None
        else {"east": {"description": snapshot.stack_record(deployed, "east")}}
    )


def test_a_live_network_is_not_replaced() -> None:
    moved = planned(replace(EAST, cidr="10.21.0.0/16"))

    with pytest.raises(ImpossibleChangeError, match=r"cidr of 'east' must stay 10\.20\.0\.0/16"):
        check(moved, outputs(planned(EAST)))


def test_a_cluster_that_is_not_deployed_may_be_anything() -> None:
    check(planned(EAST), outputs(None))
    check(planned(EAST), outputs(planned(EAST)))
