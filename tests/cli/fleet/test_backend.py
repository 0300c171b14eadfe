"""State and secrets of the operator's stacks."""

import pytest

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.fleet.backend import Backend, backend_of


def test_the_backend_is_that_of_the_shell() -> None:
    variables = {
        "PULUMI_BACKEND_URL": "s3://states?region=eu-west-1",
        "LINKMESH_SECRETS_PROVIDER": "awskms://alias/mesh?region=eu-west-1",
    }

    assert backend_of(variables) == Backend(
        url="s3://states?region=eu-west-1", secrets_provider="awskms://alias/mesh?region=eu-west-1"
    )


def test_without_one_it_is_pulumi_cloud() -> None:
    assert backend_of({}).is_cloud
    assert Backend(url="https://pulumi.example").is_cloud
    assert not Backend(url="s3://states").is_cloud


def test_a_folder_of_this_machine_is_no_backend_for_pods() -> None:
    with pytest.raises(PreconditionError) as error:
        backend_of({"PULUMI_BACKEND_URL": "file:///home/me/state"})

    assert str(error.value) == (
        "PULUMI_BACKEND_URL must be a backend that pods reach (got file:///home/me/state). A "
        "folder of this machine has no state for them. Use, e.g.: "
        "PULUMI_BACKEND_URL='s3://states?region=eu-west-1'"
    )


def test_a_passphrase_is_needed_only_without_a_key() -> None:
    assert Backend(url="s3://states").variables == ["PULUMI_CONFIG_PASSPHRASE"]
    assert Backend(url="s3://states", secrets_provider="awskms://alias/mesh").variables == []
