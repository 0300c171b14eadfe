"""Rendering of a report, for people and for programs."""

import io
import json
import re
from dataclasses import replace

from rich.console import Console

from linkmesh.cli.status.evaluate import Report, evaluate
from linkmesh.cli.status.faults import Fault
from linkmesh.cli.status.observations import ObservedEnvironment
from linkmesh.cli.status.render import document, text
from tests.cli.status.observed import ADDRESS, CREDENTIALS, described, healthy, on
from tests.project import PROJECT


def report(seen: ObservedEnvironment) -> Report:
    """Evaluate an observed environment."""
    return evaluate("demo", described(), seen)


def printed(seen: ObservedEnvironment) -> str:
    """Render a report without a terminal."""
    out = io.StringIO()
    Console(file=out, width=160).print(text(report(seen), described()))
    return out.getvalue()


def faulty() -> ObservedEnvironment:
    """Return an environment whose anchors differ."""
    return on(healthy(), "east", lambda one: replace(one, anchors=frozenset({"another"})))


def unseen() -> ObservedEnvironment:
    """Return an environment whose export could not be read."""
    [one] = healthy().exports
    return replace(healthy(), exports=[replace(one, observation=None)])


def test_a_healthy_environment_has_a_line_for_each_object() -> None:
    lines = [" ".join(line.split()) for line in printed(healthy()).splitlines()]

    assert "environment demo: west -> east (source calls target)" in lines
    assert f"west east {ADDRESS} ok" in lines
    assert "api-east.shop west 1 ready ok" in lines
    assert lines[-1] == "everything is healthy"


def test_a_fault_is_shown_with_its_cause_and_its_remedy() -> None:
    written = printed(faulty())

    assert "not healthy: 1 fault\n" in written
    assert "anchors-differ: west -> east: trust anchors differ" in written
    assert "  remedy: proxies reject each other" in written
    assert "everything is healthy" not in written


def test_what_could_not_be_read_is_never_called_healthy() -> None:
    written = printed(unseen())

    assert "not healthy: some objects could not be read" in written
    assert "unknown: see west -> east" in written


def test_the_document_names_every_finding_and_every_state() -> None:
    written = document(report(faulty()))

    assert (written["schema"], written["environment"], written["healthy"]) == (1, "demo", False)
    assert [(one["fault"], one["subject"]) for one in written["findings"]] == [
        ("anchors-differ", "west -> east")
    ]
    assert [one["state"] for one in written["clusters"]] == ["ok", "ok"]
    assert [one["state"] for one in written["links"]] == ["faulty"]
    assert document(report(healthy()))["healthy"] is True


def test_not_even_a_digest_of_a_token_is_shown() -> None:
    for seen in (healthy(), faulty(), unseen()):
        written = printed(seen) + json.dumps(document(report(seen)))

        assert CREDENTIALS.digest not in written


def test_the_page_explains_every_fault() -> None:
    page = (PROJECT / "docs" / "guides" / "operate.md").read_text()

    named = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)

    assert named == [fault.value for fault in Fault]
