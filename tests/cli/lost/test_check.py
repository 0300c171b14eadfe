"""A cluster that was replaced stops a command; one whose removal was interrupted does not."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.lost import check as checking
from linkmesh.cli.lost.evaluate import ClusterIdentity
from linkmesh.cli.runs.project import Project
from linkmesh.environment import Kind, Plan

NAMESPACE = {
    "urn": "urn::linkerd",
    "type": "kubernetes:core/v1:Namespace",
    "id": "linkerd",
}
DELETING = [{"type": "deleting", "resource": NAMESPACE}]


def check(monkeypatch: pytest.MonkeyPatch, *resources: Any, pending: Any = None) -> None:
    """Check a cluster on which nothing is any more, of a stack with these resources."""
    replaced = ClusterIdentity(
        cluster="ash", described=Kind("ash"), server="", recorded="uid", uid=""
    )
    state = {"deployment": {"resources": resources, "pending_operations": pending}}

    project = SimpleNamespace(reads=SimpleNamespace(state={"lab.ash": state}.__getitem__))

    monkeypatch.setattr(checking, "observe", lambda *_: [replaced])
    checking.check(cast(Project, project), "lab", cast(Plan, None), ["ash"], {}, destroys=True)


def test_one_that_was_replaced_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PreconditionError, match="cluster 'ash' must be the one that was deployed"):
        check(monkeypatch, NAMESPACE)


@pytest.mark.parametrize(
    ("resources", "pending"), [([], None), ([NAMESPACE], DELETING)], ids=["removed", "removing"]
)
def test_one_whose_removal_was_interrupted_does_not(
    monkeypatch: pytest.MonkeyPatch, resources: list[Any], pending: Any
) -> None:
    check(monkeypatch, *resources, pending=pending)
