"""The message about failed stacks."""

from pathlib import Path

import pytest
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
        "stack demo.west failed:\n  it broke\nlinkmesh does not know this cause.\n"
        "Not started: demo.apps.\n"
        "Nothing is lost. Once the cause is removed, continue with: mesh up demo"
    )


def ended(said: str) -> list[str]:
    """Return how a run ends whose stack failed with a message."""
    log = {"west": Path("demo.west.log")}
    return failure_text("demo", ["west"], {"west": said}, {"west"}, "mesh up demo", log).split(
        "\n"
    )[2:]


def test_a_cause_that_is_not_known_says_where_everything_is() -> None:
    assert ended("  error: InsufficientInstanceCapacity: no m7i.large") == [
        "linkmesh does not know this cause. Everything that pulumi printed: demo.west.log",
        "Nothing is lost. Once the cause is removed, continue with: mesh up demo",
    ]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ('error: namespaces "shop" already exists', "mesh doctor demo names the field"),
        (
            "Unable to continue with install: invalid ownership metadata; label validation error",
            "mesh doctor demo names the field",
        ),
        (
            'node(s) already exist for a cluster with the name "west"',
            "kind delete cluster --name west",
        ),
        ("error: cannot re-use a name that is still in use", "If it is not needed: helm uninstall"),
        ("the stack is currently locked by 1 lock(s)", "pulumi cancel --yes --stack demo.west"),
        (
            "ResourceInUseException: Cluster already exists with name: west",
            "aws eks delete-cluster --name west --region REGION && aws eks wait cluster-deleted",
        ),
        ("spec.ports: Required value", "set is_labelled=True in its Export"),
        (
            'Apply failed with 1 conflict: conflict with "argocd" using v1: .metadata.labels',
            "Let its owner leave the field out",
        ),
        (
            "error: configured Kubernetes cluster is unreachable: unable to load schema",
            "mesh up demo --rebuild CLUSTER",
        ),
    ],
)
def test_a_known_cause_ends_with_what_to_do(said: str, remedy: str) -> None:
    known, closing = ended(said)

    assert remedy in known
    assert closing == "Nothing is lost. Continue with: mesh up demo"


def test_a_message_of_linkmesh_says_itself_what_to_do() -> None:
    assert ended("error: region must be known (got 'x'). AWS has none. Use: eu-west-1") == [
        "Nothing is lost. Continue with: mesh up demo"
    ]


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
