"""The section about stacks: severe changes first, and why resources are replaced."""

from linkmesh.cli.preview.collect import StackPreview, preview
from linkmesh.cli.preview.fitting import render_sections
from linkmesh.cli.preview.stacks import PATHS, sections
from tests.cli.preview.events import error, finished_stack, step

VPC = "aws:ec2/vpc:Vpc"


def rendered(*previews: StackPreview) -> str:
    """Write the sections of the environment `demo`."""
    return render_sections([*sections("demo", previews)], 65_000)


def test_stacks_with_replacements_come_first_and_are_open() -> None:
    text = rendered(
        preview("trust", [step("create", VPC, "a")]),
        preview("west", [step("replace", VPC, "v", diff={"cidrBlock": "update-replace"})]),
    )

    assert text.index("<details open><summary>demo.west") < text.index("<details><summary>demo.tr")
    assert "| **replace** | `v` | `aws:ec2/vpc:Vpc` | `cidrBlock` (replaces) |" in text
    assert "| `demo.west` | 1 |  |  |  |  |" in text
    assert "replacements in `demo.west` may cause more changes" in text


def test_changed_outputs_are_named_since_other_stacks_read_them() -> None:
    before = {"cluster": {"apiServer": "https://a"}, "kubeconfig": "[secret]", "description": 1}
    after = {**before, "cluster": {"apiServer": "https://b"}, "description": 2, "eks": {}}

    text = rendered(
        preview("west", [step("update", VPC, "v"), finished_stack(before, after)]),
        preview("east", [finished_stack(before, before)]),
    )

    assert (
        "Each stack is previewed with the current outputs of the others, so changed outputs of "
        "`demo.west` (`cluster`) may cause more changes in the stacks that depend on them than "
        "shown here."
    ) in text


def test_previews_without_changed_outputs_have_no_note() -> None:
    text = rendered(preview("west", [step("update", VPC, "v"), finished_stack({}, {"a": 1})]))

    assert "current outputs of the others" not in text


def test_a_stack_that_failed_says_so_in_its_row() -> None:
    assert "| `demo.links` | failed |" in rendered(preview("links", [error("no gateway")]))


def test_properties_beyond_the_limit_are_counted() -> None:
    diff = {f"path{index:02}": "update" for index in range(PATHS + 3)}

    text = rendered(preview("west", [step("update", VPC, "v", diff=diff)]))

    assert f"`path{PATHS - 1:02}` and 3 more |" in text


def test_without_a_preview_there_is_no_section() -> None:
    assert rendered() == ""
