"""The message about failed stacks."""

from pulumi import automation
from pulumi.automation._cmd import CommandResult

from linkmesh.cli.runs.failures import cause, failure_text

SAID = """Updating (demo.apps):

Diagnostics:
  kubernetes:core/v1:ServicePatch (web):
    error: this Patch resource is currently managing a required field, so it can't be deleted \
directly. Either set the `retainOnDelete` resource option, or transfer ownership: spec.ports

Outputs:
    secret: [secret]
"""


def test_of_a_failed_command_only_its_diagnostics_are_shown() -> None:
    error = automation.CommandError(CommandResult(stdout=SAID, stderr="", code=255))

    shown = cause(error).splitlines()

    assert shown[0] == "  Diagnostics:"
    assert len(shown) == 3
    assert "spec.ports" in shown[2]


def test_another_failure_is_shown_whole() -> None:
    assert cause(ValueError("one\n\ntwo")) == "  one\n  two"


def test_the_message_says_what_failed_what_was_not_started_and_how_to_continue() -> None:
    text = failure_text(
        "demo", ["trust", "west", "apps"], {"west": "  it broke"}, {"trust", "west"}, "mesh up demo"
    )

    assert text == (
        "stack demo.west failed:\n  it broke\nNot started: demo.apps.\n"
        "Nothing is lost. Continue with: mesh up demo"
    )


def test_a_log_group_that_came_back_comes_with_a_remedy() -> None:
    said = (
        "  error: creating CloudWatch Logs Log Group (/aws/eks/west/cluster): "
        "ResourceAlreadyExistsException: The specified log group already exists"
    )

    text = failure_text("demo", ["west"], {"west": said}, {"west"}, "mesh up demo")

    assert (
        "created their log group again, without retention. mesh up takes it over; if it could not, "
        "delete it: aws logs delete-log-group --log-group-name /aws/eks/west/cluster --region "
        "REGION"
    ) in text


def test_a_patch_of_a_deleted_object_comes_with_a_remedy() -> None:
    text = failure_text("demo", ["apps"], {"apps": SAID}, {"apps"}, "mesh up demo")

    assert text.splitlines()[-2:] == [
        "The object of this patch was deleted, so the patch cannot be reverted. Remove the patch "
        "from the state: pulumi refresh --stack demo.apps",
        "Nothing is lost. Continue with: mesh up demo",
    ]
