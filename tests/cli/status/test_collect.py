"""What is asked of clusters, and the answers to the credentials of a source."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from linkmesh import api_server
from linkmesh.cli.runs.project import Project
from linkmesh.cli.status import collect
from linkmesh.cli.status.collect import is_untrusted
from tests.cli.status import observed


@contextmanager
def answering(_: str) -> Iterator[Any]:
    """Answer with a version."""
    answer = httpx2.Response(
        200, json={"gitVersion": "v1.35.4"}, request=httpx2.Request("GET", "/")
    )
    yield SimpleNamespace(get=lambda _: answer)


def test_a_cluster_is_asked_by_one_client_and_its_outputs_are_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, read, healthy = list[str](), list[str](), observed.healthy()

    def client(kubeconfig: str) -> Any:
        made.append(kubeconfig)
        return SimpleNamespace(get=lambda *_, **__: SimpleNamespace(data={}))

    def outputs(stack: str) -> dict[str, Any]:
        read.append(stack)
        return {"kubeconfig": f"of {stack}"}

    monkeypatch.setattr(api_server, "client", client)
    monkeypatch.setattr(api_server, "http", answering)
    monkeypatch.setattr(collect, "read_cluster", lambda name, *_, **__: healthy.clusters[name])
    monkeypatch.setattr(collect, "observe", lambda *_, **__: healthy.exports[0].observation)

    plan, project = observed.described(), cast(Project, SimpleNamespace(outputs=outputs))
    found = collect.collect("demo", plan, project)

    stacks = [f"demo.{name}" for name in plan.names]
    assert sorted(read) == sorted(stacks)
    assert sorted(made) == sorted(f"of {stack}" for stack in stacks)
    assert [each.why for each in found.exports] == ["" for _ in healthy.exports]


def failed(cause: BaseException) -> Exception:
    """Fail to connect, as a client reports it."""
    error = httpx2.ConnectError("no connection")
    error.__cause__ = cause
    return error


def test_a_certificate_of_another_authority_is_not_taken_for_silence() -> None:
    assert is_untrusted(failed(ssl.SSLCertVerificationError("other CA")))
    assert is_untrusted(httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"))
    assert not is_untrusted(failed(TimeoutError()))
    assert not is_untrusted(httpx2.ConnectError("Name or service not known"))
