"""Protected resources: found in every stack before the first one is destroyed."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from linkmesh.cli.operations.protection import ProtectedError, check, protected
from linkmesh.cli.runs.project import Project

URN = "urn:pulumi:demo.west::linkmesh::aws:eks/cluster:Cluster::west"
CLUSTER = {"urn": URN, "type": "aws:eks/cluster:Cluster"}


def project(**states: list[dict[str, Any]]) -> Project:
    """Make a project of stacks with these resources."""
    stacks = {
        part: SimpleNamespace(
            export_stack=lambda found=found: SimpleNamespace(deployment={"resources": found})
        )
        for part, found in states.items()
    }
    return cast(
        Project,
        SimpleNamespace(stacks=lambda name, parts, create: {each: stacks[each] for each in parts}),
    )


def test_what_pulumi_or_aws_protects_is_found() -> None:
    assert [*protected([{**CLUSTER, "protect": True}])] == ["aws:eks/cluster:Cluster west"]
    assert [*protected([{**CLUSTER, "outputs": {"deletionProtection": True}}])]
    assert not [*protected([{**CLUSTER, "outputs": {"deletionProtection": False}}])]


def test_what_was_replaced_already_and_what_is_only_read_protect_nothing() -> None:
    assert not [*protected([{**CLUSTER, "protect": True, "delete": True}])]
    assert not [*protected([{**CLUSTER, "protect": True, "external": True}])]


def test_with_targets_only_they_are_checked() -> None:
    assert not [*protected([{**CLUSTER, "protect": True}], ["urn:other"])]
    assert [*protected([{**CLUSTER, "protect": True}], [URN])]


def test_one_protected_stack_is_an_error_with_a_remedy() -> None:
    stacks = project(apps=[], west=[{**CLUSTER, "protect": True}])

    with pytest.raises(ProtectedError) as error:
        check(stacks, "demo", ["apps", "west"], command="mesh destroy demo")

    assert str(error.value) == (
        "environment 'demo' must have nothing protected in what is destroyed (got stack demo.west: "
        "aws:eks/cluster:Cluster west). Nothing was destroyed. To delete it anyway, set "
        "protect=False in its description, run mesh up demo, then mesh destroy demo. For a cluster "
        "that is no longer described: pulumi state unprotect --all --stack demo.CLUSTER, and turn "
        "off its deletion protection on AWS"
    )


def test_without_protection_there_is_no_error() -> None:
    check(project(west=[CLUSTER]), "demo", ["west"], command="mesh destroy demo")
