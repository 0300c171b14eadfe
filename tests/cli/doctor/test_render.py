"""Rendering of findings: lines for people, a JSON document for programs."""

from linkmesh.cli.doctor.evaluate import Finding, State
from linkmesh.cli.doctor.render import document, text

FOUND = [
    Finding(
        subject="pulumi", state=State.OUTDATED, observed="3.1.0, needs 3.259.0", remedy="get it"
    ),
    Finding(subject="kubectl", state=State.MISSING, remedy="get that", is_required=False),
    Finding(subject="docker", state=State.OK, observed="answers"),
]


def test_each_finding_is_a_line_and_problems_are_summarized() -> None:
    assert text(["demo", "dev"], FOUND) == (
        "pulumi    outdated             3.1.0, needs 3.259.0. Use: get it\n"
        "kubectl   missing (optional)   Use: get that\n"
        "docker    ok                   answers\n"
        "\n"
        "Missing or unknown for demo, dev: pulumi."
    )


def test_the_text_says_that_nothing_is_missing() -> None:
    summary = "Everything required for demo is installed and configured."

    assert text(["demo"], FOUND[1:]).endswith(f"\n\n{summary}")


def test_the_document_has_the_same_content() -> None:
    written = document(["demo"], FOUND[:1])

    assert written == {
        "schema": 1,
        "environments": ["demo"],
        "healthy": False,
        "findings": [
            {
                "subject": "pulumi",
                "state": "outdated",
                "observed": "3.1.0, needs 3.259.0",
                "remedy": "get it",
                "required": True,
            }
        ],
    }
