"""The waves of an environment, as CI systems read them."""

import json

from hypothesis import given
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.cli.fleet.matrix import document
from linkmesh.cli.runs.waves import upstream
from linkmesh.environment import Plan
from linkmesh.stacks import load, names
from tests.components.environment.described import plans


def test_the_waves_of_an_environment_are_its_stacks_in_order() -> None:
    printed = CliRunner().invoke(app, ["matrix", "demo"]).stdout

    assert json.loads(printed) == {
        "schema": 1,
        "environment": "demo",
        "waves": [
            {"parts": ["trust", "network"], "stacks": ["demo.trust", "demo.network"]},
            {
                "parts": ["local", "west", "east"],
                "stacks": ["demo.local", "demo.west", "demo.east"],
            },
            {
                "parts": ["links.local", "links.west"],
                "stacks": ["demo.links.local", "demo.links.west"],
            },
            {
                "parts": ["apps.local", "apps.west", "apps.east"],
                "stacks": ["demo.apps.local", "demo.apps.west", "demo.apps.east"],
            },
        ],
    }


def test_it_is_one_line_which_a_workflow_can_store() -> None:
    assert CliRunner().invoke(app, ["matrix", "demo"]).stdout.count("\n") == 1


@given(plans())
def test_each_stack_is_in_one_wave_after_all_that_it_waits_for(plan: Plan) -> None:
    waves = [set(wave["parts"]) for wave in document("any", plan)["waves"]]
    done: set[str] = set()
    for wave in waves:
        assert all(upstream(plan)[part] <= done for part in wave)
        done |= wave

    assert sorted(part for wave in waves for part in wave) == sorted(plan.parts)


def test_routes_and_each_further_member_of_a_federated_service_are_waves_of_their_own() -> None:
    count = {name: len(document(name, load(name))["waves"]) for name in names()}

    assert (count["prod"], count["bluegreen"], count["five"]) == (4, 5, 6)
