"""How a report is told: to a person, and to programs."""

import io
import json
import re
from dataclasses import replace

from rich.console import Console

from cli.status.evaluate import Report, judge
from cli.status.faults import Fault
from cli.status.observations import EnvironmentSeen
from cli.status.render import document, text
from tests.cli.status.observed import ADDRESS, CREDENTIALS, described, on, well
from tests.project import PROJECT


def report(seen: EnvironmentSeen) -> Report:
    """Judge what was seen."""
    return judge("demo", described(), seen)


def printed(seen: EnvironmentSeen) -> str:
    """Show what was seen to a person without a terminal."""
    out = io.StringIO()
    Console(file=out, width=160).print(text(report(seen), described()))
    return out.getvalue()


def faulty() -> EnvironmentSeen:
    """See anchors that differ."""
    return on(well(), "east", lambda one: replace(one, anchors=frozenset({"another"})))


def unseen() -> EnvironmentSeen:
    """See everything but the export."""
    [one] = well().exports
    return replace(well(), exports=[replace(one, observed=None)])


def test_what_is_well_is_a_line_each_and_says_so() -> None:
    lines = [" ".join(line.split()) for line in printed(well()).splitlines()]

    assert "environment demo: west -> east (source calls target)" in lines
    assert f"west east {ADDRESS} ok" in lines
    assert "api-east.shop west 1 ready ok" in lines
    assert lines[-1] == "all is well"


def test_a_fault_is_told_with_its_cause_and_its_remedy() -> None:
    told = printed(faulty())

    assert "not well: 1 fault\n" in told
    assert "anchors-differ: west -> east: trust anchors differ" in told
    assert "  remedy: proxies refuse one another" in told
    assert "all is well" not in told


def test_what_could_not_be_looked_at_is_never_called_well() -> None:
    told = printed(unseen())

    assert "not well: not everything could be looked at" in told
    assert "unknown: see west -> east" in told


def test_the_document_names_every_finding_and_every_state() -> None:
    told = document(report(faulty()))

    assert (told["schema"], told["environment"], told["well"]) == (1, "demo", False)
    assert [(one["fault"], one["subject"]) for one in told["findings"]] == [
        ("anchors-differ", "west -> east")
    ]
    assert [one["state"] for one in told["clusters"]] == ["ok", "ok"]
    assert [one["state"] for one in told["links"]] == ["faulty"]
    assert document(report(well()))["well"] is True


def test_not_even_a_digest_of_a_token_is_told() -> None:
    for seen in (well(), faulty(), unseen()):
        told = printed(seen) + json.dumps(document(report(seen)))

        assert CREDENTIALS.digest not in told


def test_the_page_explains_every_fault() -> None:
    page = (PROJECT / "docs" / "guides" / "operate.md").read_text()

    named = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)

    assert named == [fault.value for fault in Fault]
