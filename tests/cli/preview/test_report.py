"""From what was heard in a run to the report: what was deployed is what stacks told of before."""

import io
from typing import Any

from rich.console import Console

from cli.preview.render import comment
from cli.preview.report import Listening, refusal, report
from cli.runs.progress import Progress
from cli.runs.run import Operation
from components.environment import Export, Kind, Plan, chain
from stacks.snapshot import record
from tests.cli.preview.told import error, stack
from tests.components.environment.described import on_aws, planned


def small(**overrides: Any) -> Plan:
    """Describe two linked clusters and an export."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return planned(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


def heard(deployed: Plan) -> dict[str, Any]:
    """Tell the events of a preview of an environment that is deployed."""
    return {part: [stack({"description": record(deployed, part)})] for part in deployed.parts}


def test_what_is_deployed_is_read_from_the_events() -> None:
    found = report("demo", small(), heard(small()), {}, {})

    assert "**The topology stays as it is deployed.**" in comment(found)


def test_a_stack_that_is_no_longer_described_counts_as_deployed() -> None:
    old = small(exports=[])
    events = {part: told for part, told in heard(old).items() if part != "west"}
    now = planned(Kind("local"))

    text = comment(report("demo", now, events, {}, {"west": record(old, "west")}))

    assert "- local -> west: gateway" in text
    assert "Stack `demo.west` is deployed and no longer described." in text


def test_a_change_that_cannot_be_deployed_is_told_above_all_else() -> None:
    moved = planned(
        Kind("local"), on_aws("west", block=99), links=chain("local", "west"), exports=[]
    )

    text = comment(report("demo", moved, heard(small()), {}, {}))

    assert "- **`mesh up` will refuse this**: cidr of 'west' must stay" in text
    assert text.index("will refuse this") < text.index("### Topology")


def test_a_stack_whose_preview_failed_still_tells_what_it_was_deployed_from() -> None:
    events = heard(small())
    events["apps"].append(error("no such namespace"))

    text = comment(report("demo", small(), events, {"apps": "exit 255"}, {}))

    assert "no such namespace" in text
    assert "exit 255" not in text
    assert "**The topology stays as it is deployed.**" in text


def test_a_refused_description_has_no_topology() -> None:
    text = comment(refusal("demo", "exports must be given once"))

    assert "exports must be given once" in text
    assert "### Costs" not in text


def test_what_is_heard_is_kept_and_told_on() -> None:
    progress = Progress(Console(file=io.StringIO()), Operation.PREVIEW, ["west"])
    listening = Listening(progress, ["west"])
    told = stack({})

    listening.started("west")
    listening.event("west", told)
    listening.finished("west", {"create": 1})

    assert listening.events == {"west": [told]}
    assert listening.begun == {"west"}
    assert progress.closing().endswith("1 create.")
    listening.failed("west")
    assert progress.states["west"] == "failed"
