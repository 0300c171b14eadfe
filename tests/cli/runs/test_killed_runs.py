"""What a killed run was creating is in the state afterwards, if it exists and is whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from linkmesh.cli.runs.killed_runs import continue_stack, note, noted

STACK = "demo.west"
CLUSTER = {
    "urn": "urn::kind",
    "type": "kind:index/cluster:Cluster",
    "inputs": {"name": "west", "nodeImage": "kindest/node:v1.35.0"},
}
RELEASE = {
    "urn": "urn::linkerd-viz",
    "type": "kubernetes:helm.sh/v3:Release",
    "inputs": {"name": "viz", "namespace": "linkerd-viz"},
}
NAMESPACE = {
    "urn": "urn::west-shop",
    "type": "kubernetes:core/v1:Namespace",
    "inputs": {"metadata": {"name": "shop"}},
}
SECRET = {
    "urn": "urn::token",
    "type": "kubernetes:core/v1:Secret",
    "inputs": {"metadata": {"name": "token", "namespace": "shop"}},
}
PATCH = {**SECRET, "urn": "urn::label", "type": "kubernetes:core/v1:ServicePatch"}
KEY = {"urn": "urn::key", "type": "tls:index/privateKey:PrivateKey", "inputs": {}}
GATEWAY = {"urn": "urn::west-nat", "type": "aws:ec2/natGateway:NatGateway", "inputs": {}}


class Interrupted(BaseException):
    """The run that continues is killed as well."""


class Stack:
    """A stack with pending creations, and what exists of them; records what is done."""

    def __init__(self, *pending: dict[str, Any], known: Sequence[dict[str, Any]] = ()) -> None:
        operations = [{"resource": each, "type": "creating"} for each in pending]
        self.state: dict[str, Any] = {
            "version": 3,
            "deployment": {"resources": [*known], "pending_operations": operations},
        }
        self.exists: dict[str, dict[str, Any]] = {}
        self.read: list[str] = []
        self.removed: list[str] = []
        self.is_killed = False

    def exported(self) -> dict[str, Any]:
        return self.state

    def import_state(self, state: Any) -> None:
        self.state = state

    def read_resources(self, urns: Sequence[str]) -> None:
        if self.is_killed:
            raise Interrupted
        self.read = [*urns]
        resources = [
            {**each, "outputs": self.exists[each["urn"]]} if each["urn"] in urns else each
            for each in self.state["deployment"]["resources"]
            if each["urn"] not in urns or each["urn"] in self.exists
        ]
        self.state = {"deployment": {"resources": resources}}

    def remove_resources(self, urns: Sequence[str]) -> None:
        self.removed = [*urns]

    @property
    def ids(self) -> dict[str, str]:
        """Ids of the resources in the state, by URN."""
        return {each["urn"]: each["id"] for each in self.state["deployment"]["resources"]}


def continued(folder: Path, stack: Stack) -> list[str]:
    """Note what a stack was creating, continue it, and return what was printed."""
    printed = note(folder, STACK, stack.state)
    continue_stack(folder, STACK, stack)
    assert noted(folder, STACK) == set()
    return printed


def test_a_stack_that_was_creating_nothing_stays_as_it_is(tmp_path: Path) -> None:
    stack = Stack(known=[{**SECRET, "id": "shop/token"}])

    assert continued(tmp_path, stack) == []
    assert stack.ids == {"urn::token": "shop/token"}


def test_an_object_that_exists_is_taken_over_and_another_one_is_forgotten(tmp_path: Path) -> None:
    stack = Stack(NAMESPACE, SECRET)
    stack.exists = {"urn::token": {"metadata": {}}}

    assert continued(tmp_path, stack) == [
        "demo.west: a killed run was creating west-shop, token",
    ]
    assert stack.ids == {"urn::token": "shop/token"}
    assert stack.removed == []


def test_the_killed_run_stays_the_manager_of_an_objects_fields(tmp_path: Path) -> None:
    fields = [{"manager": "kubectl"}, {"manager": "pulumi-kubernetes-1a2b"}]
    stack = Stack(NAMESPACE)
    stack.exists = {"urn::west-shop": {"metadata": {"managedFields": fields}}}
    continued(tmp_path, stack)

    [namespace] = stack.state["deployment"]["resources"]
    assert namespace["outputs"]["__fieldManager"] == "pulumi-kubernetes-1a2b"


@pytest.mark.parametrize(
    ("status", "removed"),
    [("deployed", []), ("pending-install", ["urn::linkerd-viz"]), ("failed", ["urn::linkerd-viz"])],
)
def test_a_release_stays_only_if_it_is_whole(
    tmp_path: Path, status: str, removed: list[str]
) -> None:
    stack = Stack(RELEASE)
    stack.exists = {"urn::linkerd-viz": {"status": {"status": status}}}
    continued(tmp_path, stack)

    assert stack.ids == {"urn::linkerd-viz": "linkerd-viz/viz"}
    assert stack.removed == removed


def test_a_kind_cluster_is_not_read_and_made_again(tmp_path: Path) -> None:
    stack = Stack(CLUSTER)
    continued(tmp_path, stack)

    assert stack.read == []
    assert stack.ids == {"urn::kind": "west-kindest/node:v1.35.0"}
    assert stack.removed == ["urn::kind"]


def test_a_kind_cluster_that_was_finished_since_stays(tmp_path: Path) -> None:
    note(tmp_path, STACK, Stack(CLUSTER).state)
    stack = Stack(known=[{**CLUSTER, "id": "west", "outputs": {"kubeconfig": "a secret"}}])
    continue_stack(tmp_path, STACK, stack)

    assert stack.removed == []


def test_what_only_the_state_has_and_patches_are_forgotten(tmp_path: Path) -> None:
    stack = Stack(KEY, PATCH)
    stack.exists = {"urn::label": {"metadata": {}}}  # the object without the label, or with it
    continued(tmp_path, stack)

    assert stack.state["deployment"] == {"resources": []}


def test_what_was_being_replaced_stays_as_the_state_has_it(tmp_path: Path) -> None:
    known = {**NAMESPACE, "id": "shop"}
    stack = Stack(NAMESPACE, known=[known])
    stack.exists = {"urn::west-shop": {}}
    continued(tmp_path, stack)

    assert [each["id"] for each in stack.state["deployment"]["resources"]] == ["shop"]


def test_a_run_that_is_killed_while_it_continues_another_is_continued(tmp_path: Path) -> None:
    stack = Stack(NAMESPACE, CLUSTER)
    stack.is_killed = True
    with pytest.raises(Interrupted):
        continued(tmp_path, stack)
    stack.is_killed = False

    assert continued(tmp_path, stack) == []
    assert stack.ids == {"urn::kind": "west-kindest/node:v1.35.0"}
    assert stack.removed == ["urn::kind"]


def test_what_an_earlier_note_lists_stays_noted(tmp_path: Path) -> None:
    note(tmp_path, STACK, Stack(NAMESPACE).state)
    note(tmp_path, STACK, Stack(CLUSTER).state)

    assert noted(tmp_path, STACK) == {"urn::west-shop", "urn::kind"}


def test_a_resource_of_aws_is_named_with_the_command_that_finds_it(tmp_path: Path) -> None:
    [_, printed] = continued(tmp_path, Stack(GATEWAY))

    assert "if AWS has made west-nat (aws:ec2/natGateway:NatGateway)" in printed
    assert "--tag-filters Key=linkmesh:environment,Values=demo" in printed
