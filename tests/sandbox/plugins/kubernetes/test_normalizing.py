"""The form in which objects are compared, and the inputs that a live object would have had."""

from __future__ import annotations

from typing import Any

from sandbox.plugins.framework import UNKNOWN
from sandbox.plugins.kubernetes.normalizing import live_inputs, normalized, pruned
from sandbox.plugins.kubernetes.spelling import from_engine, to_engine


def secret(**members: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **members}


def test_string_data_becomes_data_and_wins() -> None:
    mixed = secret(data={"a": "b2xk", "b": "Yg=="}, stringData={"a": "new"})

    assert normalized(mixed) == secret(data={"a": "bmV3", "b": "Yg=="})


def test_line_breaks_in_base64_are_no_difference() -> None:
    assert normalized(secret(data={"a": "bm\nV3\n"})) == secret(data={"a": "bmV3"})


def test_what_is_unknown_is_left_as_it_is() -> None:
    unknown = secret(stringData={"a": UNKNOWN})

    assert normalized(unknown) == unknown


def test_server_fields_of_metadata_are_left_out() -> None:
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "uid": "1"}}

    assert normalized(obj)["metadata"] == {"name": "c"}


def test_a_definition_is_compared_without_status_and_old_defaults() -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "w"},
        "spec": {"preserveUnknownFields": False},
        "status": {},
    }

    assert "status" not in normalized(definition)
    assert normalized(definition)["spec"] == {}


def test_only_what_was_asked_for_is_kept() -> None:
    live = {"a": {"b": 1, "c": 2}, "list": [{"x": 1, "y": 2}, {"x": 3}], "more": 1}
    shape = {"a": {"b": 0}, "list": [{"x": 0}], "gone": 1}

    assert pruned(live, shape) == {"a": {"b": 1}, "list": [{"x": 1}]}


def test_a_live_secret_is_given_back_as_the_program_wrote_it() -> None:
    live = secret(data={"a": "bmV3", "b": "Yg==", "z": "eg=="}, type="Opaque")
    asked = secret(stringData={"a": "old"}, data={"b": "Yg=="})

    assert live_inputs(live, asked) == asked | secret(stringData={"a": "new"})


def test_definitions_are_spelled_with_dashes_for_the_server_only() -> None:
    inner = {"properties": [{"x_kubernetes_list_type": "map"}]}
    definition = {"kind": "CustomResourceDefinition", "spec": inner}

    spelled = from_engine(definition)

    assert spelled["spec"] == {"properties": [{"x-kubernetes-list-type": "map"}]}
    assert to_engine(spelled) == definition
