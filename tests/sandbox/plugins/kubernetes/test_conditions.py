"""The expressions of pulumi.com/waitFor."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes.conditions import parse_wait_for

LINK: dict[str, Any] = {
    "metadata": {"generation": 2},
    "status": {
        "phase": "Running",
        "ready": True,
        "count": 3,
        "conditions": [
            {"type": "Ready", "status": "True"},
            {"type": "Stalled", "status": "False"},
        ],
        "ports": {"http.x": 80},
    },
}


def holds(text: str, obj: dict[str, Any] = LINK) -> bool:
    return all(holds(obj) for _, holds in parse_wait_for(text))


@pytest.mark.parametrize(
    "text",
    [
        "condition=Ready",
        "condition=ready",
        "condition=Stalled=False",
        "jsonpath={.status.phase}",
        "jsonpath={.status.phase}=Running",
        "jsonpath={.status.ready}=true",
        "jsonpath={.status.count}=3",
        "jsonpath={.status.conditions[0].type}=Ready",
        "jsonpath={.status.conditions[-1].type}=Stalled",
        "jsonpath={.status.conditions[*].type}=Ready",
        "jsonpath={.status.ports['http.x']}=80",
        'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True',
        '["condition=Ready", "jsonpath={.status.phase}=Running"]',
    ],
)
def test_an_expression_holds(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "condition=Stalled",
        "condition=Missing",
        "jsonpath={.status.phase}=Failed",
        "jsonpath={.status.missing}",
        "jsonpath={.status.conditions[9].type}",
        '["condition=Ready", "condition=Stalled"]',
    ],
)
def test_an_expression_does_not_hold(text: str) -> None:
    assert not holds(text)


def test_a_condition_of_an_older_generation_does_not_hold() -> None:
    stale = {**LINK, "status": {**LINK["status"], "observedGeneration": 1}}

    assert not holds("condition=Ready", stale)
    assert not holds("jsonpath={.status.phase}=Running", stale)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ready", 'expected a "jsonpath=" or "condition=" prefix, got "Ready"'),
        ("jsonpath=.status", r"should be wrapped in brackets \{ ... \}"),
        ("jsonpath={.status.phase}=", "requires a value"),
        ("jsonpath={.a}=b=c", "format should be"),
        ("jsonpath={..phase}", "the sandbox knows members, indices"),
        ("[]", "at least one condition"),
    ],
)
def test_a_wrong_expression_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        parse_wait_for(text)
