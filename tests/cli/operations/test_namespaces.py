"""Namespaces that would be deleted, and objects of others in them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from linkmesh import api_server
from linkmesh.cli.operations.namespaces import (
    NamespaceInUseError,
    check,
    created,
    foreign_objects,
    list_objects,
    removed,
)
from linkmesh.cli.runs.project import Project
from linkmesh.environment import Existing, Export, Plan, chain
from linkmesh.stacks import snapshot
from tests.components.environment.described import on_aws, planned


def described(*exported: str) -> Plan:
    """Describe a site that calls a cluster, which exports services, each in its own namespace."""
    return planned(
        Existing("site", egress=["198.51.100.20/32"]),
        on_aws("west", block=10),
        links=chain("site", "west"),
        exports=[Export("db", namespace=each, of="west") for each in exported],
    )


def descriptions(of: Plan) -> dict[str, Any]:
    """Return the outputs `description` of deployed stacks."""
    return {part: snapshot.stack_record(of, part) for part in (*of.app_parts, *of.link_parts)}


def test_a_namespace_is_deleted_with_its_last_export_on_target_and_source() -> None:
    before = descriptions(described("shop", "bank"))

    assert removed(described("shop"), before) == {"site": ["bank"], "west": ["bank"]}
    assert removed(described("shop", "bank"), before) == {}


def test_a_namespace_is_deleted_with_its_link_too() -> None:
    unlinked = planned(Existing("site", egress=["198.51.100.20/32"]), on_aws("west", block=10))

    assert removed(unlinked, descriptions(described("shop"))) == {
        "site": ["shop"],
        "west": ["shop"],
    }


def test_destroy_checks_only_namespaces_of_existing_clusters() -> None:
    now = described("shop")

    assert removed(now, descriptions(now), destroys=True) == {"site": ["shop"]}


def adopting(*exported: str) -> Plan:
    """Describe the same with namespaces on the site that others made."""
    before = described(*exported).environment
    site = Existing("site", egress=["198.51.100.20/32"], namespaces=exported)
    return Plan.of(replace(before, clusters=[site, *before.clusters[1:]]))


def test_a_namespace_of_others_is_never_deleted() -> None:
    before = adopting("shop", "bank")
    deployed = {**descriptions(before), "site": snapshot.stack_record(before, "site")}

    assert removed(before, deployed, destroys=True) == {}
    # Also if it leaves the description together with its export.
    assert removed(adopting("shop"), deployed) == {"west": ["bank"]}


def test_a_namespace_that_was_never_deployed_is_not_deleted() -> None:
    assert removed(described("shop"), {"apps.west": None, "links.site": None}, destroys=True) == {}


def thing(kind: str, name: str, **metadata: Any) -> dict[str, Any]:
    """Make an object in the namespace `shop`."""
    return {"kind": kind, "metadata": {"name": name, "namespace": "shop", **metadata}}


def test_only_objects_that_others_created_are_foreign() -> None:
    found = [
        thing("Deployment", "api"),
        thing("ReplicaSet", "api-1", ownerReferences=[{"kind": "Deployment"}]),
        thing("Service", "api"),
        thing("Endpoints", "api"),
        thing("Event", "api.1"),
        thing("ConfigMap", "kube-root-ca.crt"),
        thing("ServiceAccount", "default"),
        thing("Service", "db-west", labels={"mirror.linkerd.io/mirrored-service": "true"}),
        thing("Deployment", "yelb-ui"),
    ]

    assert foreign_objects(found, {("Deployment", "shop", "yelb-ui")}) == [
        "Deployment/api",
        "Service/api",
    ]


def test_an_object_that_a_stack_only_patches_was_not_created_by_it() -> None:
    resources: list[dict[str, Any]] = [
        {"type": "pulumi:pulumi:Stack"},
        {"type": "kubernetes:apps/v1:Deployment", "outputs": thing("Deployment", "yelb-ui")},
        {"type": "kubernetes:core/v1:ServicePatch", "outputs": thing("Service", "api")},
    ]

    assert created(resources) == {("Deployment", "shop", "yelb-ui")}


# An API server with one kind of its own, one of an extension, and an extension that is unavailable.
SERVED: dict[str, Any] = {
    "/apis": {
        "groups": [
            {"preferredVersion": {"groupVersion": "shop.example/v1"}},
            {"preferredVersion": {"groupVersion": "metrics.k8s.io/v1beta1"}},
        ]
    },
    "/api/v1": {
        "resources": [
            {"name": "services", "kind": "Service", "namespaced": True, "verbs": ["list"]},
            {"name": "bindings", "kind": "Binding", "namespaced": True, "verbs": ["create"]},
            {"name": "nodes", "kind": "Node", "namespaced": False, "verbs": ["list"]},
        ]
    },
    "/apis/shop.example/v1": {
        "resources": [{"name": "carts", "kind": "Cart", "namespaced": True, "verbs": ["list"]}]
    },
    "/api/v1/namespaces/shop/services": {"items": [{"metadata": thing("", "api")["metadata"]}]},
    "/apis/shop.example/v1/namespaces/shop/carts": {"items": [thing("Cart", "full")]},
}


class Server:
    """A simulated API server."""

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None: ...

    def get(self, path: str) -> SimpleNamespace:
        """Answer a path."""
        code = 200 if path in SERVED else 503
        return SimpleNamespace(
            status_code=code, json=lambda: SERVED[path], raise_for_status=lambda: None
        )


def test_objects_of_every_kind_are_found_and_an_unavailable_extension_does_not_matter() -> None:
    found = [
        (each["kind"], each["metadata"]["name"]) for each in list_objects(Server().get, "shop")
    ]

    assert found == [("Service", "api"), ("Cart", "full")]


def test_the_message_contains_all_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {
        part: {"description": each} for part, each in descriptions(described("shop")).items()
    }
    outputs["site"] = {"kubeconfig": "site"}
    project = SimpleNamespace(name="store", stacks=lambda *_, **__: {})
    monkeypatch.setattr(api_server, "http", lambda *_, **__: Server())

    with pytest.raises(NamespaceInUseError) as error:
        check(cast(Project, project), "demo", described(), outputs, destroys=False)

    assert str(error.value) == (
        "namespace 'shop' of cluster 'site' must not contain objects of others when it is deleted "
        "(got Cart/full, Service/api). The description no longer needs it, and Kubernetes deletes "
        "everything in it. Use: delete or move these objects first, describe an export in it "
        "again, or take over the namespace: pulumi state delete --stack demo.site "
        "'urn:pulumi:demo.site::store::linkmesh:index:MeshedNamespace$kubernetes:core/v1:Namespace::site-shop'"
    )
