"""What counts as a change of an object, and what is only another spelling."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest

from sandbox.plugins.framework import UNKNOWN, Diff
from sandbox.plugins.kubernetes.comparing import compare_objects, same_quantity
from sandbox.plugins.kubernetes.immutable import immutable_fields

Object = dict[str, Any]


def deployment(**spec: Any) -> Object:
    template = {"spec": {"containers": [{"name": "c", "image": "web:1"}]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "yelb"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template,
            **spec,
        },
    }


def live_of(inputs: Object, **spec: Any) -> Object:
    """What the server makes of inputs: it adds defaults and status."""
    live = copy.deepcopy(inputs)
    live["metadata"].update(uid="1", resourceVersion="7")
    live.setdefault("spec", {}).update(spec)
    return {**live, "status": {"replicas": 2}}


def compare(live: Object, old: Object, new: Object, **options: Any) -> Diff:
    return compare_objects(
        live, old, new, namespaced=True, immutable=immutable_fields(new, **options)
    )


def paths(diff: Diff) -> dict[str, tuple[str, bool]]:
    return {change.path: (change.kind, change.replace) for change in diff.changes}


def test_what_the_server_added_is_no_change() -> None:
    inputs = deployment()

    assert not compare(live_of(inputs, progressDeadlineSeconds=600), inputs, inputs)


def test_drift_of_a_field_of_ours_is_a_change() -> None:
    inputs = deployment()

    assert paths(compare(live_of(inputs, replicas=5), inputs, inputs)) == {
        "spec.replicas": ("update", False)
    }


def test_a_removed_field_is_deleted() -> None:
    old, new = deployment(minReadySeconds=5), deployment()

    assert paths(compare(live_of(old), old, new)) == {"spec.minReadySeconds": ("delete", False)}


def test_a_changed_selector_replaces_and_deletes_first_as_the_name_is_fixed() -> None:
    old, new = deployment(), deployment(selector={"matchLabels": {"app": "other"}})

    diff = compare(live_of(old), old, new)

    assert paths(diff) == {"spec.selector.matchLabels.app": ("update", True)}
    assert diff.delete_before_replace


def test_a_made_up_name_lets_the_new_object_come_first() -> None:
    old, new = deployment(), deployment(selector={"matchLabels": {"app": "other"}})
    for obj in (old, new):
        obj["metadata"]["annotations"] = {"pulumi.com/autonamed": "true"}

    assert not compare(live_of(old), old, new).delete_before_replace


def test_another_namespace_replaces_without_deleting_first() -> None:
    old, new = deployment(), deployment()
    new["metadata"]["namespace"] = "other"

    diff = compare(live_of(old), old, new)

    assert paths(diff) == {"metadata.namespace": ("update", True)}
    assert not diff.delete_before_replace


def test_no_namespace_is_the_default_one() -> None:
    old, new = deployment(), deployment()
    old["metadata"]["namespace"] = "default"
    del new["metadata"]["namespace"]

    assert not compare(live_of(old), old, new)


def test_an_unknown_value_is_a_change_and_replaces_where_it_must() -> None:
    old, new = deployment(), deployment(replicas=UNKNOWN, selector=UNKNOWN)

    assert paths(compare(live_of(old), old, new)) == {
        "spec.replicas": ("update", False),
        "spec.selector": ("update", True),
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1000m", "1", True),
        ("1000m", 1, True),
        ("0.5", "500m", True),
        ("1Gi", "1024Mi", True),
        ("1k", "1000", True),
        ("1Gi", "1G", False),
        ("web", "web", False),
        (True, 1, False),
    ],
)
def test_quantities_are_compared_by_value(one: Any, other: Any, same: bool) -> None:
    assert same_quantity(one, other) is same


def test_another_spelling_of_a_quantity_is_no_change() -> None:
    def with_cpu(cpu: str) -> Object:
        container = {"name": "c", "image": "web:1", "resources": {"requests": {"cpu": cpu}}}
        return deployment(template={"spec": {"containers": [container]}})

    assert not compare(live_of(with_cpu("1")), with_cpu("1000m"), with_cpu("1000m"))
    assert compare(live_of(with_cpu("1")), with_cpu("1000m"), with_cpu("2"))


def test_an_empty_member_that_the_server_dropped_is_no_change() -> None:
    inputs = deployment()
    inputs["metadata"]["annotations"] = {}
    live = live_of(inputs)
    del live["metadata"]["annotations"]

    assert not compare(live, inputs, inputs)


def test_false_is_a_change_when_it_was_not_asked_for_before() -> None:
    old = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}}
    new = {**old, "automountServiceAccountToken": False}

    assert paths(compare(live_of(old), old, new)) == {
        "automountServiceAccountToken": ("add", False)
    }


def secret(**members: Any) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **members}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_string_data_equals_the_data_the_server_made_of_it() -> None:
    inputs = secret(stringData={"token": "abc"})
    live = {**secret(data={"token": encoded("abc")}), "type": "Opaque"}

    assert not compare(live, inputs, inputs)


def test_a_changed_secret_is_named_where_the_program_wrote_it() -> None:
    old, new = secret(stringData={"token": "abc"}), secret(stringData={"token": "def"})
    live = secret(data={"token": encoded("abc")})

    assert paths(compare(live, old, new)) == {"stringData.token": ("update", True)}
    assert paths(compare(live, old, new, secrets_change=True)) == {
        "stringData.token": ("update", False)
    }


def test_custom_resources_are_compared_literally() -> None:
    old = {"apiVersion": "example.com/v1", "kind": "W", "metadata": {"name": "w"}, "spec": {}}
    new = {**old, "spec": {"limits": {"cpu": "1"}}}
    live = {**new, "spec": {"limits": {"cpu": "1000m"}}}

    assert paths(compare(live, new, new)) == {"spec.limits.cpu": ("update", False)}


def test_shorter_and_longer_lists_name_the_elements() -> None:
    def with_ports(*ports: int) -> Object:
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "s"},
            "spec": {"ports": [{"port": port} for port in ports]},
        }

    old, new = with_ports(80), with_ports(80, 443)

    assert paths(compare(live_of(old), old, new)) == {"spec.ports[1]": ("add", False)}
    assert paths(compare(live_of(new), new, old)) == {"spec.ports[1]": ("delete", False)}


def test_keys_with_dots_are_quoted() -> None:
    old, new = deployment(), deployment()
    new["metadata"]["annotations"] = {"linkerd.io/inject": "enabled"}
    old["metadata"]["annotations"] = {"linkerd.io/inject": "disabled"}

    assert list(paths(compare(live_of(old), old, new))) == [
        'metadata.annotations["linkerd.io/inject"]'
    ]
