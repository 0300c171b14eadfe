"""Waiting until objects are ready, or gone."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from sandbox.plugins.kubernetes import waiting
from sandbox.plugins.kubernetes.api import Api
from sandbox.plugins.kubernetes.readiness import rule_for
from sandbox.plugins.kubernetes.waiting import NotReady
from tests.sandbox.plugins.kubernetes.fake_server import FakeServer

SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "type": "kubernetes.io/service-account-token",
    "metadata": {"name": "token", "namespace": "default"},
}
PATH = "/api/v1/namespaces/default/secrets/token"


@pytest.fixture
def server() -> FakeServer:
    server = FakeServer()
    Api(server).create(SECRET, manager="x", dry_run=False)
    return server


def annotated(**annotations: str) -> dict[str, Any]:
    named = {f"pulumi.com/{key}": value for key, value in annotations.items()}
    return {**SECRET, "metadata": {**SECRET["metadata"], "annotations": named}}  # type: ignore[dict-item] # of SECRET


def wait(
    server: FakeServer,
    inputs: dict[str, Any] = SECRET,
    *,
    timeout: float = 5,
    cancelled: threading.Event | None = None,
) -> dict[str, Any]:
    return waiting.await_ready(
        Api(server),
        inputs,
        server.objects[PATH],
        previous=None,
        timeout=timeout,
        cancelled=cancelled or threading.Event(),
    )


def test_a_wait_ends_when_the_object_is_ready(server: FakeServer) -> None:
    timer = threading.Timer(0.1, server.objects[PATH].update, [{"data": {"token": "x"}}])
    timer.start()

    assert wait(server)["data"] == {"token": "x"}


def test_an_object_that_never_is_ready_is_kept_with_a_reason(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = rule_for(SECRET)
    assert rule is not None
    monkeypatch.setattr(waiting, "rule_for", lambda _: None)
    assert wait(server) == server.objects[PATH]

    short = type(rule)(judge=rule.judge, timeout_seconds=0.1, timeout_message=rule.timeout_message)
    monkeypatch.setattr(waiting, "rule_for", lambda _: short)
    with pytest.raises(NotReady, match="Timeout occurred polling for 'token'") as failed:
        wait(server)

    assert failed.value.live == server.objects[PATH]


def test_an_interrupt_ends_the_wait_at_once(server: FakeServer) -> None:
    cancelled = threading.Event()
    cancelled.set()
    began = time.monotonic()

    with pytest.raises(NotReady, match='operation was cancelled for "token"'):
        wait(server, cancelled=cancelled)

    assert time.monotonic() - began < 1


def test_skip_await_waits_for_nothing(server: FakeServer) -> None:
    assert wait(server, annotated(skipAwait="true")) == server.objects[PATH]


def test_wait_for_replaces_the_rule_of_the_kind(server: FakeServer) -> None:
    inputs = annotated(waitFor="jsonpath={.status.phase}=Done")
    server.objects[PATH]["data"] = {"token": "x"}

    with pytest.raises(NotReady) as failed:
        wait(server, inputs, timeout=0.2)
    server.objects[PATH]["status"] = {"phase": "Done"}

    assert failed.value.reasons == ["Waiting for jsonpath={.status.phase}=Done"]
    assert wait(server, inputs)["status"] == {"phase": "Done"}


@pytest.mark.parametrize(
    ("option", "text", "seconds"), [(7, "30", 7), (0, "30", 30), (0, "soon", 600), (0, "", 600)]
)
def test_the_time_comes_from_option_annotation_or_default(
    option: float, text: str, seconds: float
) -> None:
    assert waiting.timeout_of(annotated(timeoutSeconds=text), option) == seconds


@pytest.mark.parametrize(
    ("text", "policy"),
    [("", "Foreground"), ("background", "Background"), ("Orphan", "Orphan"), ("?", "Foreground")],
)
def test_dependents_go_first_unless_told_otherwise(text: str, policy: str) -> None:
    assert waiting.propagation_of(annotated(deletionPropagationPolicy=text)) == policy


def test_another_object_of_the_same_name_means_that_the_old_is_gone(server: FakeServer) -> None:
    old = {**SECRET, "metadata": {"name": "token", "namespace": "default", "uid": "older"}}

    waiting.await_gone(Api(server), SECRET, old, timeout=0.2, cancelled=threading.Event())


def test_a_refresh_judges_what_can_break(server: FakeServer) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"type": "LoadBalancer"},
    }

    waiting.judge_once(Api(server), SECRET, SECRET)
    with pytest.raises(NotReady, match="'web' was created but failed to initialize"):
        waiting.judge_once(Api(server), service, service)
