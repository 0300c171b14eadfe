"""Removing what is left, on an API server that is played."""

from typing import Any

import pytest
from httpx2 import HTTPStatusError, Request, Response
from lightkube import ApiError
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.coordination_v1 import Lease
from lightkube.resources.core_v1 import Endpoints, Service

from linkmesh.linkerd.links import cleanup

LABELS = {
    "mirror.linkerd.io/mirrored-service": "true",
    "mirror.linkerd.io/cluster-name": "east",
}
MEMBERS = "multicluster.linkerd.io/remote-discovery"


def api_error(code: int) -> ApiError:
    """Make the error that an API server answers with."""
    body = {"kind": "Status", "code": code, "message": "no"}
    return ApiError(request=Request("GET", "https://west.test"), response=Response(code, json=body))


def unknown_kind() -> HTTPStatusError:
    """Make the error of a kind that the API server does not know: plain text, and no Status."""
    request = Request("GET", "https://west.test")
    answer = Response(404, text="404 page not found", request=request)
    return HTTPStatusError("404", request=request, response=answer)


class Api:
    """A source: what is there, and what is done to it."""

    def __init__(self, *, links: list[str] | None, late: int = 0) -> None:
        self.links, self.late = links, late
        self.deleted: list[str] = []
        self.patched: list[Any] = []
        metadata = ObjectMeta(name="db-east", namespace="app", labels=LABELS)
        federated = ObjectMeta(
            name="db-federated",
            namespace="app",
            labels={"mirror.linkerd.io/mirrored-service": "true"},
            annotations={MEMBERS: "db@east,db@far"},
        )
        lease = ObjectMeta(name="service-mirror-write-east", namespace="linkerd-multicluster")
        self.found: dict[Any, list[Any]] = {
            Service: [Service(metadata=metadata), Service(metadata=federated)],
            Endpoints: [Endpoints(metadata=metadata)],
            Lease: [Lease(metadata=lease)],
        }

    def list(self, kind: Any, **_: Any) -> list[Any]:
        if kind is cleanup.LinkObject:
            if self.links is None:
                raise unknown_kind()
            return [cleanup.LinkObject(metadata=ObjectMeta(name=each)) for each in self.links]
        return self.found.get(kind, [])

    def delete(self, kind: Any, name: str, **_: Any) -> None:
        if not self.late:
            remaining = [each for each in self.found[kind] if each.metadata.name != name]
            self.found[kind] = remaining
        self.late = max(self.late - 1, 0)
        self.deleted.append(f"{kind.__name__} {name}")

    def patch(self, kind: Any, name: str, change: Any, **_: Any) -> None:
        self.patched.append(change)
        for each in self.found[kind]:
            if each.metadata.name == name:
                each.metadata.annotations = change["metadata"]["annotations"]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """Play a source without any link."""
    played = Api(links=[])
    monkeypatch.setattr(cleanup, "_client", lambda _: played)
    monkeypatch.setattr(cleanup, "PAUSE_SECONDS", 0)
    return played


def test_all_orphans_of_a_target_are_removed_and_returned(api: Api) -> None:
    done = cleanup.remove_orphans("KUBECONFIG", "east")

    assert done == [
        "Endpoints app/db-east",
        "Lease linkerd-multicluster/service-mirror-write-east",
        "Service app/db-east",
        "members of Service app/db-federated",
    ]
    assert api.deleted == [
        "Endpoints db-east",
        "Lease service-mirror-write-east",
        "Service db-east",
    ]
    assert api.patched == [{"metadata": {"annotations": {MEMBERS: "db@far"}}}]


def test_nothing_is_touched_while_the_link_is_there(api: Api) -> None:
    api.links = ["east"]

    assert cleanup.remove_orphans("KUBECONFIG", "east") == []
    assert api.deleted == []


def test_what_a_controller_writes_at_the_last_moment_is_removed_too(api: Api) -> None:
    api.late = 1

    cleanup.remove_orphans("KUBECONFIG", "east")

    assert api.deleted.count("Endpoints db-east") == 2


def test_a_source_without_linkerds_kinds_has_no_links(api: Api) -> None:
    api.links = None

    assert "Service app/db-east" in cleanup.remove_orphans("KUBECONFIG", "east")


def test_everything_without_a_link_is_removed_by_target(api: Api) -> None:
    api.links = ["far"]

    assert cleanup.unlinked("KUBECONFIG") == {"east"}
    assert list(cleanup.remove_all_orphans("KUBECONFIG")) == ["east"]
    assert cleanup.unlinked("KUBECONFIG") == set()


def test_an_object_that_went_meanwhile_is_no_error(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(kind: Any, name: str, **_: Any) -> None:
        raise api_error(404)

    monkeypatch.setattr(api, "delete", absent)

    assert "Service app/db-east" in cleanup.remove_orphans("KUBECONFIG", "east")


def test_a_forbidden_request_is_an_error(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(kind: Any, name: str, **_: Any) -> None:
        raise api_error(403)

    monkeypatch.setattr(api, "delete", forbidden)

    with pytest.raises(ApiError):
        cleanup.remove_orphans("KUBECONFIG", "east")
