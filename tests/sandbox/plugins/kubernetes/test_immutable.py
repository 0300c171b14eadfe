"""Which changes replace an object, as the genuine provider's table has it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.kubernetes.immutable import Path, immutable_fields, touches


def replaces(api_version: str, kind: str, path: Path, value: Any = 1, **options: Any) -> bool:
    obj = {"apiVersion": api_version, "kind": kind, **options.pop("members", {})}
    return any(touches(rule, path, value) for rule in immutable_fields(obj, **options))


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "ConfigMap", ("metadata", "name")),
        ("v1", "ConfigMap", ("metadata", "namespace")),
        ("v1", "ConfigMap", ("data", "key")),
        ("v1", "Secret", ("type",)),
        ("v1", "Secret", ("data", "key")),
        ("v1", "Secret", ("stringData",)),
        ("v1", "Service", ("spec", "clusterIP")),
        ("v1", "Pod", ("spec", "containers", 0, "image")),
        ("v1", "PersistentVolumeClaim", ("spec", "storageClassName")),
        ("apps/v1", "Deployment", ("spec", "selector", "matchLabels", "app")),
        ("apps/v1", "StatefulSet", ("spec", "serviceName")),
        ("batch/v1", "Job", ("spec", "template", "spec", "containers", 0, "image")),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", ("roleRef", "name")),
        ("storage.k8s.io/v1", "StorageClass", ("provisioner",)),
    ],
)
def test_a_change_of_an_immutable_field_replaces(api_version: str, kind: str, path: Path) -> None:
    assert replaces(api_version, kind, path)


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "ConfigMap", ("metadata", "labels", "name")),
        ("v1", "Service", ("spec", "type")),
        ("apps/v1", "Deployment", ("spec", "template", "spec", "containers", 0, "image")),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", ("rules",)),
        ("multicluster.linkerd.io/v1alpha3", "Link", ("spec", "selector")),
    ],
)
def test_a_change_of_another_field_does_not(api_version: str, kind: str, path: Path) -> None:
    assert not replaces(api_version, kind, path)


def test_a_change_above_an_immutable_field_replaces_if_it_holds_the_field() -> None:
    assert replaces("apps/v1", "Deployment", ("spec",), {"selector": {}})
    assert not replaces("apps/v1", "Deployment", ("spec",), {"replicas": 1})
    assert replaces("v1", "Pod", ("spec", "containers"), [{"image": "a"}])
    assert not replaces("v1", "Pod", ("spec", "containers"), [{"name": "a"}])


def test_secrets_may_be_told_to_change_in_place_but_never_their_type() -> None:
    assert not replaces("v1", "Secret", ("data", "key"), secrets_change=True)
    assert replaces("v1", "Secret", ("type",), secrets_change=True)


def test_config_maps_may_be_told_to_change_in_place() -> None:
    assert not replaces("v1", "ConfigMap", ("data", "key"), config_maps_change=True)


def test_what_says_it_is_immutable_is() -> None:
    frozen = {"immutable": True}

    assert replaces("v1", "Secret", ("data",), secrets_change=True, members=frozen)
    assert replaces("v1", "ConfigMap", ("data",), config_maps_change=True, members=frozen)
