"""
Waiting until an object is ready, or gone.

The object is looked at again and again, soon at first; watching would be quicker by milliseconds
only. Annotations change what is waited for: skipAwait nothing, waitFor expressions instead of the
kind's rule, timeoutSeconds how long. An interrupted run ends the wait at once and keeps what was
made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from sandbox.plugins.kubernetes.api import Api, ApiError, NoSuchKind
from sandbox.plugins.kubernetes.conditions import parse_wait_for
from sandbox.plugins.kubernetes.manifests import (
    DELETION_PROPAGATION,
    SKIP_AWAIT,
    TIMEOUT_SECONDS,
    WAIT_FOR,
    Object,
    annotation,
    metadata,
    name_of,
    namespace_of,
)
from sandbox.plugins.kubernetes.readiness import Rule, rule_for
from sandbox.plugins.kubernetes.verdicts import Look, Verdict, is_owned, pod_trouble

DEFAULT_SECONDS = 600.0
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 0.5

# skipAwait applies to the deletion of these kinds only, by history.
# Source: pulumi-kubernetes provider/pkg/metadata/overrides.go allowsSkipAwaitWithDelete
LEAVES_WITHOUT_WAITING = {
    ("v1", "Namespace"),
    ("v1", "Pod"),
    ("v1", "ReplicationController"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "Job"),
}


class NotReady(Exception):  # noqa: N818 - read as a word, like Refused
    """An object exists, but did not become ready."""

    def __init__(self, message: str, reasons: list[str], live: Object) -> None:
        super().__init__(message)
        self.reasons = reasons
        self.live = live
        """The object as last seen."""


def timeout_of(inputs: Object, timeout: float) -> float:
    """Tell how long an operation may take: the resource's option, its annotation, or 10 min."""
    if timeout:
        return timeout
    text = annotation(inputs, TIMEOUT_SECONDS)
    return float(text) if text.lstrip("-").isdigit() else DEFAULT_SECONDS


def propagation_of(inputs: Object) -> str:
    """Tell what happens to an object's dependents when it is deleted."""
    asked = annotation(inputs, DELETION_PROPAGATION).lower()
    return {"orphan": "Orphan", "background": "Background"}.get(asked, "Foreground")


def await_ready(
    api: Api,
    inputs: Object,
    made: Object,
    *,
    previous: Object | None,
    timeout: float,
    cancelled: threading.Event,
) -> Object:
    """Wait until an object is ready, and return it as last seen."""
    if annotation(inputs, SKIP_AWAIT) == "true":
        return made
    expressions = annotation(inputs, WAIT_FOR)
    rule = _rule_of_expressions(expressions) if expressions else rule_for(made)
    if rule is None:
        return made
    until = time.monotonic() + (rule.timeout_seconds or timeout_of(inputs, timeout))
    return _Wait(api, rule, made, previous, cancelled).until(until)


def judge_once(api: Api, inputs: Object, live: Object) -> None:
    """Raise NotReady if an object that a refresh looks at is not ready now."""
    rule = rule_for(live)
    if rule is None or not rule.on_read or annotation(inputs, SKIP_AWAIT) == "true":
        return
    verdict = rule.judge(live, None, _look(api, live))
    if not verdict.ready:
        message = f"Resource '{name_of(live)}' was created but failed to initialize"
        raise NotReady(message, [*verdict.reasons, *_pod_reasons(api, rule, live)], live)


def await_gone(
    api: Api, inputs: Object, live: Object, *, timeout: float, cancelled: threading.Event
) -> None:
    """Wait until an object is gone, or another one has its name."""
    kind = (str(live["apiVersion"]), str(live["kind"]))
    if annotation(inputs, SKIP_AWAIT) == "true" and kind in LEAVES_WITHOUT_WAITING:
        return
    last = live
    for _ in _pauses(time.monotonic() + timeout_of(inputs, timeout), cancelled):
        try:
            found = api.find(*kind, namespace_of(live), name_of(live))
        except NoSuchKind:
            return
        uid = metadata(live).get("uid")
        if found is None or (uid and metadata(found).get("uid") != uid):
            return
        last = found
    if cancelled.is_set():
        raise NotReady(f'Resource operation was cancelled for "{name_of(live)}"', [], last)
    finalizers = ", ".join(metadata(last).get("finalizers") or [])
    raise NotReady(
        f"timed out waiting for the condition: {kind[1]} {name_of(live)!r} is still there; "
        f"finalizers might be preventing deletion ({finalizers})",
        [],
        last,
    )


class _Wait:
    """One wait for readiness."""

    def __init__(
        self,
        api: Api,
        rule: Rule,
        made: Object,
        previous: Object | None,
        cancelled: threading.Event,
    ) -> None:
        self._api, self._rule, self._previous, self._cancelled = api, rule, previous, cancelled
        self._live = made
        self._verdict = Verdict(ready=False)
        self._ready_since: float | None = None

    def until(self, deadline: float) -> Object:
        for _ in _pauses(deadline, self._cancelled):
            self._judge()
            if self._verdict.ready and self._has_settled():
                return self._live
            if self._verdict.failed:
                message = f"Resource '{name_of(self._live)}' was created but failed to initialize"
                raise self._not_ready(message)
        if self._verdict.ready:
            return self._live
        if self._cancelled.is_set():
            raise self._not_ready(f'Resource operation was cancelled for "{name_of(self._live)}"')
        raise self._not_ready(self._rule.timeout_message.format(name=name_of(self._live)))

    def _judge(self) -> None:
        made = self._live
        found = self._api.find(made["apiVersion"], made["kind"], namespace_of(made), name_of(made))
        if found is None:
            self._verdict = Verdict(ready=False, reasons=["it was deleted while it was awaited"])
            return
        self._live = found
        self._verdict = self._rule.judge(found, self._previous, _look(self._api, found))

    def _has_settled(self) -> bool:
        now = time.monotonic()
        if not self._verdict.ready:
            self._ready_since = None
            return False
        if self._ready_since is None:
            self._ready_since = now
        return now - self._ready_since >= self._rule.settle_seconds

    def _not_ready(self, message: str) -> NotReady:
        reasons = [*self._verdict.reasons, *_pod_reasons(self._api, self._rule, self._live)]
        return NotReady(message, reasons, self._live)


def _pauses(deadline: float, cancelled: threading.Event) -> Iterator[None]:
    """Come back at once, then after longer and longer pauses, until deadline or interrupt."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield
        left = deadline - time.monotonic()
        if left <= 0 or cancelled.wait(min(pause, left)):
            return
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)


def _rule_of_expressions(text: str) -> Rule:
    questions = parse_wait_for(text)

    def judge(live: Object, previous: Object | None, look: Look) -> Verdict:
        missing = [expression for expression, holds in questions if not holds(live)]
        return Verdict(ready=not missing, reasons=[f"Waiting for {one}" for one in missing])

    return Rule(judge=judge, timeout_message="timed out waiting for the condition")


def _look(api: Api, live: Object) -> Look:
    def look(api_version: str, kind: str) -> list[Object]:
        try:
            return api.list_objects(api_version, kind, namespace_of(live))
        except (ApiError, NoSuchKind):
            return []  # not ours to see: judged as if there were none

    return look


def _pod_reasons(api: Api, rule: Rule, live: Object) -> list[str]:
    if not rule.has_pods:
        return []
    look = _look(api, live)
    owners = [live, *(one for one in look("apps/v1", "ReplicaSet") if is_owned(one, live))]
    pods = [pod for pod in look("v1", "Pod") if any(is_owned(pod, owner) for owner in owners)]
    return [reason for pod in pods for reason in pod_trouble(pod)]
