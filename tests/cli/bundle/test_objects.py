"""Requests to an API server, and what happens if it does not answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from httpx2 import ConnectTimeout

from linkmesh.cli.bundle.objects import collect

POD = {
    "metadata": {
        "name": "controller-west-1",
        "namespace": "linkerd-multicluster",
        "managedFields": [{"manager": "x"}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "b"},
    },
    "spec": {"containers": [{"name": "controller"}, {"name": "linkerd-proxy"}]},
}
PODS = "/api/v1/namespaces/linkerd-multicluster/pods"
LOG = f"{PODS}/controller-west-1/log"


@dataclass
class FakeHttp:
    """An API server with some answers; everything else is not found."""

    answers: Mapping[str, Any]
    requested: list[str] = field(default_factory=list)

    def get(self, url: str, *, params: Mapping[str, Any] | None = None) -> Any:
        """Answer, or raise."""
        self.requested.append(url)
        answer = self.answers.get(url, 404)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return SimpleNamespace(status_code=answer)
        return SimpleNamespace(status_code=200, text=answer, json=lambda: answer)


def listed(*items: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
    """Make a list of objects."""
    return {"kind": "List", "metadata": metadata, "items": list(items)}


def test_secrets_are_never_requested() -> None:
    http = FakeHttp({})

    collect("west", http)

    assert len(http.requested) > 40
    assert [url for url in http.requested if "secret" in url.lower()] == []


def test_objects_are_written_without_noise() -> None:
    http = FakeHttp({PODS: listed(POD, {"metadata": {"name": "a"}})})

    documents, _ = collect("west", http)

    (text,) = [each.text for each in documents if each.path.endswith("/pods.json")]
    first, second = json.loads(text)["items"]
    assert first["metadata"]["name"] == "a"
    assert second["metadata"] == {
        "name": "controller-west-1",
        "namespace": "linkerd-multicluster",
        "annotations": {"a": "b"},
    }
    assert second["spec"] == POD["spec"]


def test_what_cannot_be_read_is_a_gap_with_its_reason() -> None:
    links = "/apis/multicluster.linkerd.io/v1alpha3/links"
    http = FakeHttp({links: 403, "/api/v1/nodes": ConnectTimeout("no"), "/version": {"major": "1"}})

    documents, gaps = collect("west", http)

    reasons = {gap.what: gap.why for gap in gaps}
    assert reasons["clusters/west/links.json"] == "reading is forbidden"
    assert reasons["clusters/west/nodes.json"] == "the API server does not answer (ConnectTimeout)"
    assert reasons["clusters/west/servers.json"] == "not found"
    assert [each.path for each in documents] == ["clusters/west/version.json"]


def test_a_list_that_is_too_long_is_a_gap() -> None:
    _, gaps = collect("west", FakeHttp({PODS: listed(**{"continue": "more"})}))

    assert "contains only the first 1000" in [gap.why for gap in gaps]


def test_the_end_of_each_log_is_written() -> None:
    documents, _ = collect("west", FakeHttp({PODS: listed(POD), LOG: "line\n"}))

    logs = {each.path: each.text for each in documents if "/logs/" in each.path}
    assert logs == {
        f"clusters/west/linkerd-multicluster/logs/controller-west-1.{name}.txt": "line\n"
        for name in ("controller", "linkerd-proxy")
    }


def test_the_file_of_a_missing_log_contains_the_reason() -> None:
    documents, _ = collect("west", FakeHttp({PODS: listed(POD), LOG: 500}))

    logs = [each.text for each in documents if "/logs/" in each.path]
    assert logs == ["no logs: the API server answers 500\n"] * 2


def test_after_a_time_out_no_other_log_is_requested() -> None:
    http = FakeHttp({PODS: listed(POD), LOG: ConnectTimeout("no")})

    documents, _ = collect("west", http)

    logs = [each.text for each in documents if "/logs/" in each.path]
    assert logs == ["no logs: the API server does not answer (ConnectTimeout)\n"] * 2
    assert http.requested.count(LOG) == 1
