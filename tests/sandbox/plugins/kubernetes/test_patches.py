"""Patch resources: some fields of somebody else's object."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.framework import UNKNOWN, Naming, Refused, Resource
from sandbox.plugins.kubernetes.api import Api, ApiError
from tests.sandbox.plugins.kubernetes.fake_server import FakeServer
from tests.sandbox.plugins.kubernetes.providers import provider_of

URN = "urn:pulumi:dev::p::kubernetes:core/v1:ServicePatch::exported"
PATH = "/api/v1/namespaces/default/services/web"


def patch(label: Any = "true", **metadata: Any) -> dict[str, Any]:
    labels = {"mirror.linkerd.io/exported": label}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default", "labels": labels, **metadata},
    }


@pytest.fixture
def server() -> FakeServer:
    """A server where somebody else made a Service."""
    server = FakeServer()
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"clusterIP": "None"},
    }
    Api(server).create(service, manager="somebody", dry_run=False)
    return server


def patch_type(server: FakeServer) -> Resource:
    return provider_of(server).resource("kubernetes:core/v1:ServicePatch")


def test_a_patch_adds_its_fields_and_nothing_else(server: FakeServer) -> None:
    state = patch_type(server).create(URN, patch(), preview=False, timeout=0)

    assert state.id == "default/web"
    assert state.outputs["spec"] == {"clusterIP": "None"}
    assert server.objects[PATH]["metadata"]["labels"] == {"mirror.linkerd.io/exported": "true"}


def test_deleting_a_patch_gives_its_fields_up_and_keeps_the_object(server: FakeServer) -> None:
    resource = patch_type(server)
    outputs = resource.create(URN, patch(), preview=False, timeout=0).outputs

    resource.delete("default/web", patch(), outputs, timeout=0)

    assert server.objects[PATH]["spec"] == {"clusterIP": "None"}
    assert "labels" not in server.objects[PATH]["metadata"]


def test_deleting_a_patch_of_an_object_that_is_gone_makes_an_empty_one(server: FakeServer) -> None:
    """Source: pulumi-kubernetes, provider/pkg/ssa, Relinquish: applied without a look first."""
    resource = patch_type(server)
    outputs = resource.create(URN, patch(), preview=False, timeout=0).outputs
    del server.objects[PATH]

    resource.delete("default/web", patch(), outputs, timeout=0)

    assert "labels" not in server.objects[PATH]["metadata"]


def test_an_update_of_a_patch_leaves_the_objects_owner_alone(server: FakeServer) -> None:
    resource = patch_type(server)
    outputs = resource.create(URN, patch(), preview=False, timeout=0).outputs

    resource.update("default/web", patch(), outputs, patch("to.local"), preview=False, timeout=0)

    found = server.objects[PATH]["metadata"]
    assert found["labels"] == {"mirror.linkerd.io/exported": "to.local"}
    assert [one["manager"] for one in found["managedFields"]] == [
        "somebody",
        outputs["__fieldManager"],
    ]


@pytest.mark.parametrize("name", [None, UNKNOWN])
def test_a_patch_must_say_of_which_object(server: FakeServer, name: Any) -> None:
    naming = Naming(urn=URN, name="exported", seed=b"")
    resource = patch_type(server)

    with pytest.raises(Refused, match=r"patch resources require the `.metadata.name` field"):
        resource.check(resource.named(patch(name=name), None, naming), None)


def test_only_another_object_replaces_a_patch(server: FakeServer) -> None:
    resource = patch_type(server)
    outputs = resource.create(URN, patch(), preview=False, timeout=0).outputs
    another = patch(name="other")

    same = resource.diff("default/web", patch(), outputs, patch("to.local"))
    moved = resource.diff("default/web", patch(), outputs, another)

    assert [change.replace for change in same.changes] == [False]
    assert [change.path for change in moved.changes if change.replace] == ["metadata.name"]


def test_a_preview_of_a_patch_shows_the_inputs(server: FakeServer) -> None:
    asked = len(server.requests)

    state = patch_type(server).create(URN, patch(), preview=True, timeout=0)

    assert state.outputs == patch()
    assert len(server.requests) == asked


def test_a_required_field_cannot_be_given_up(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        causes = [{"reason": "FieldValueRequired", "field": "spec.ports"}]
        raise ApiError(422, {"reason": "Invalid", "details": {"causes": causes}})

    resource = patch_type(server)
    outputs = resource.create(URN, patch(), preview=False, timeout=0).outputs
    monkeypatch.setattr(Api, "apply", refuse)

    with pytest.raises(Refused, match=r"currently managing a required field.*: spec.ports"):
        resource.delete("default/web", patch(), outputs, timeout=0)
