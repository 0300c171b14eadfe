"""From the events of a run to the report: what was deployed is read from former outputs."""

import io
from typing import Any

from rich.console import Console

from linkmesh.cli.preview.render import comment
from linkmesh.cli.preview.report import EventCollector, invalid, report
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.progress import Progress
from linkmesh.environment import Export, Kind, Plan, chain
from linkmesh.stacks.snapshot import stack_record
from tests.cli.preview.events import error, stack
from tests.components.environment.described import on_aws, planned


def small(**overrides: Any) -> Plan:
    """Describe two linked clusters and an export."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return planned(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


def events_of(deployed: Plan) -> dict[str, Any]:
    """Return the events of a preview of a deployed environment."""
    return {part: [stack({"description": stack_record(deployed, part)})] for part in deployed.parts}


def test_what_is_deployed_is_read_from_the_events() -> None:
    found = report("demo", small(), events_of(small()), {}, {})

    assert "**The topology stays as it is deployed.**" in comment(found)


def test_a_stack_that_is_no_longer_described_counts_as_deployed() -> None:
    old = small(exports=[])
    events = {part: found for part, found in events_of(old).items() if part != "west"}
    now = planned(Kind("local"))

    text = comment(report("demo", now, events, {}, {"west": stack_record(old, "west")}))

    assert "- local -> west: gateway" in text
    assert "Stack `demo.west` is deployed and no longer described." in text


def test_a_change_that_cannot_be_deployed_stands_above_all_else() -> None:
    moved = planned(
        Kind("local"), on_aws("west", block=99), links=chain("local", "west"), exports=[]
    )

    text = comment(report("demo", moved, events_of(small()), {}, {}))

    assert "- **`mesh up` will not deploy this**: cidr of 'west' must stay" in text
    assert text.index("will not deploy this") < text.index("### Topology")


def test_a_stack_whose_preview_failed_still_has_its_deployed_description() -> None:
    events = events_of(small())
    events["apps.west"].append(error("no such namespace"))

    text = comment(report("demo", small(), events, {"apps.west": "exit 255"}, {}))

    assert "no such namespace" in text
    assert "exit 255" not in text
    assert "**The topology stays as it is deployed.**" in text


def test_an_invalid_description_has_no_topology() -> None:
    text = comment(invalid("demo", "exports must be given once"))

    assert "exports must be given once" in text
    assert "### Costs" not in text


def test_events_are_stored_and_passed_on() -> None:
    progress = Progress(Console(file=io.StringIO()), Operation.PREVIEW, ["west"])
    collector = EventCollector(progress, ["west"])
    event = stack({})

    collector.started("west")
    collector.event("west", event)
    collector.finished("west", {"create": 1})

    assert collector.events == {"west": [event]}
    assert collector.begun == {"west"}
    assert progress.closing().endswith("1 create.")
    collector.failed("west")
    assert progress.states["west"] == "failed"
