"""What is done to each stack: the gravest first, and why each replacement is one."""

from cli.preview.collect import StackPreview, preview
from cli.preview.fitting import written
from cli.preview.stacks import PATHS, sections
from tests.cli.preview.told import error, step

VPC = "aws:ec2/vpc:Vpc"


def told(*previews: StackPreview) -> str:
    """Write the sections of the environment `demo`."""
    return written([*sections("demo", previews)], 65_000)


def test_stacks_with_replacements_come_first_and_are_open() -> None:
    text = told(
        preview("trust", [step("create", VPC, "a")]),
        preview("west", [step("replace", VPC, "v", diff={"cidrBlock": "update-replace"})]),
    )

    assert text.index("<details open><summary>demo.west") < text.index("<details><summary>demo.tr")
    assert "| **replace** | `v` | `aws:ec2/vpc:Vpc` | `cidrBlock` (replaces) |" in text
    assert "| `demo.west` | 1 |  |  |  |  |" in text
    assert "What is replaced in `demo.west` may change more" in text


def test_a_stack_that_failed_says_so_in_its_row() -> None:
    assert "| `demo.links` | failed |" in told(preview("links", [error("no gateway")]))


def test_more_properties_than_anybody_reads_are_counted() -> None:
    diff = {f"path{index:02}": "update" for index in range(PATHS + 3)}

    text = told(preview("west", [step("update", VPC, "v", diff=diff)]))

    assert f"`path{PATHS - 1:02}` and 3 more |" in text


def test_without_a_preview_nothing_is_told() -> None:
    assert told() == ""
