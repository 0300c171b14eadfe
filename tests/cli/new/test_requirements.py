"""A project pins what this linkmesh was tested with, and this linkmesh itself."""

import pytest

from linkmesh.cli.new.requirements import PINS, Origin, origin_of, requirements
from tests.project import PROJECT

TESTED = "pulumi==3.272.0\npulumi-aws==7.51.1\n./sdks/kind\n"
INDEX = Origin("1.2.3")


def test_the_pins_are_those_of_this_repository() -> None:
    assert PINS == PROJECT / "requirements.txt"


def test_with_clusters_on_eks_the_sdk_of_aws_is_required() -> None:
    assert requirements(INDEX, TESTED, has_eks=True, has_kind=False) == (
        "linkmesh[aws]==1.2.3\npulumi==3.272.0\npulumi-aws==7.51.1\n"
    )


def test_with_kind_clusters_the_sdk_of_kind_is_and_no_sdk_of_aws() -> None:
    assert requirements(INDEX, TESTED, has_eks=False, has_kind=True) == (
        "linkmesh==1.2.3\npulumi==3.272.0\n./sdks/kind\n"
    )


@pytest.mark.parametrize(
    ("recorded", "requirement"),
    [
        ({}, "linkmesh[aws]==1.2.3"),
        (
            {
                "url": "https://github.com/acme/linkmesh",
                "vcs_info": {"vcs": "git", "commit_id": "4f2a", "requested_revision": "main"},
            },
            "linkmesh[aws] @ git+https://github.com/acme/linkmesh@4f2a",
        ),
        (
            {"url": "https://pkgs.example.com/linkmesh-1.2.3.whl", "archive_info": {}},
            "linkmesh[aws] @ https://pkgs.example.com/linkmesh-1.2.3.whl",
        ),
        ({"url": "file:///home/me/linkmesh-1.2.3.whl", "archive_info": {}}, "linkmesh[aws]==1.2.3"),
        (
            {"url": "file:///home/me/linkmesh", "vcs_info": {"vcs": "git", "commit_id": "4f2a"}},
            "linkmesh[aws]==1.2.3",
        ),
    ],
)
def test_linkmesh_is_required_as_it_was_installed_without_paths_of_this_machine(
    recorded: dict[str, object], requirement: str
) -> None:
    assert origin_of("1.2.3", recorded).requirement("[aws]") == requirement


def test_an_installation_from_a_file_is_known_as_one_of_this_machine() -> None:
    assert origin_of("1.2.3", {"url": "file:///home/me/linkmesh-1.2.3.whl"}).is_of_this_machine
    assert not origin_of("1.2.3", {}).is_of_this_machine
