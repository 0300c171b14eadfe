"""The findings as lines and as a record: the same, in the same order."""

from cli.doctor.evaluate import Finding, Verdict
from cli.doctor.render import record, text

FOUND = [
    Finding(what="pulumi", verdict=Verdict.OLD, seen="3.1.0, needs 3.259.0", remedy="get it"),
    Finding(what="kubectl", verdict=Verdict.MISSING, remedy="get that", is_needed=False),
    Finding(what="docker", verdict=Verdict.OK, seen="answers"),
]


def test_a_person_reads_a_line_for_each_and_what_is_lacking() -> None:
    assert text(["demo", "dev"], FOUND) == (
        "pulumi    too old                3.1.0, needs 3.259.0. Use: get it\n"
        "kubectl   missing (not needed)   Use: get that\n"
        "docker    ok                     answers\n"
        "\n"
        "Lacking for demo, dev: pulumi."
    )


def test_a_person_reads_that_nothing_is_lacking() -> None:
    assert text(["demo"], FOUND[1:]).endswith("\n\nEverything that is needed for demo is here.")


def test_a_program_reads_the_same() -> None:
    told = record(["demo"], FOUND[:1])

    assert told == {
        "environments": ["demo"],
        "isWell": False,
        "findings": [
            {
                "what": "pulumi",
                "verdict": "too old",
                "seen": "3.1.0, needs 3.259.0",
                "remedy": "get it",
                "isNeeded": True,
            }
        ],
    }
