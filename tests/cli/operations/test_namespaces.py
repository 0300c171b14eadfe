"""Namespaces that would go, and what others have put into them."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.operations.namespaces import NamespaceInUseError, foreign, going, made, objects, refuse
from cli.runs.run import Project
from components import api_server
from stacks import record
from stacks.environment import Environment, Existing, Export, chain
from tests.stacks.described import environment, on_aws


def described(*exported: str) -> Environment:
    """Describe a site that calls a cluster, which exports services, each in its own namespace."""
    return environment(
        Existing("site", egress=["198.51.100.20/32"]),
        on_aws("west", block=10),
        links=chain("site", "west"),
        exports=[Export("db", namespace=each, of="west") for each in exported],
    )


def shares(of: Environment) -> dict[str, Any]:
    """Tell what was deployed."""
    return {part: record.share(of, part) for part in ("apps", "links")}


def test_a_namespace_goes_with_its_last_export_on_target_and_source() -> None:
    before = shares(described("shop", "bank"))

    assert going(described("shop"), before) == {"site": ["bank"], "west": ["bank"]}
    assert going(described("shop", "bank"), before) == {}


def test_it_goes_with_its_link_too() -> None:
    unlinked = environment(Existing("site", egress=["198.51.100.20/32"]), on_aws("west", block=10))

    assert going(unlinked, shares(described("shop"))) == {"site": ["shop"], "west": ["shop"]}


def test_destroying_takes_namespaces_only_from_clusters_that_stay() -> None:
    now = described("shop")

    assert going(now, shares(now), destroys=True) == {"site": ["shop"]}


def test_what_was_never_deployed_does_not_go() -> None:
    assert going(described("shop"), {"apps": None, "links": None}, destroys=True) == {}


def thing(kind: str, name: str, **metadata: Any) -> dict[str, Any]:
    """Make an object in the namespace `shop`."""
    return {"kind": kind, "metadata": {"name": name, "namespace": "shop", **metadata}}


def test_only_what_others_have_made_is_foreign() -> None:
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

    assert foreign(found, {("Deployment", "shop", "yelb-ui")}) == ["Deployment/api", "Service/api"]


def test_what_a_stack_only_patches_it_has_not_made() -> None:
    resources: list[dict[str, Any]] = [
        {"type": "pulumi:pulumi:Stack"},
        {"type": "kubernetes:apps/v1:Deployment", "outputs": thing("Deployment", "yelb-ui")},
        {"type": "kubernetes:core/v1:ServicePatch", "outputs": thing("Service", "api")},
    ]

    assert made(resources) == {("Deployment", "shop", "yelb-ui")}


# An API server with one kind of its own, one of an extension, and an extension that is away.
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
    """Answers as the API server does."""

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None: ...

    def get(self, path: str) -> SimpleNamespace:
        """Answer a path."""
        code = 200 if path in SERVED else 503
        return SimpleNamespace(
            status_code=code, json=lambda: SERVED[path], raise_for_status=lambda: None
        )


def test_objects_of_every_kind_are_found_and_an_extension_that_is_away_does_not_matter() -> None:
    found = [(each["kind"], each["metadata"]["name"]) for each in objects(Server().get, "shop")]

    assert found == [("Service", "api"), ("Cart", "full")]


def test_both_ways_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        f"demo.{part}": {"description": share} for part, share in shares(described("shop")).items()
    }
    told["demo.site"] = {"kubeconfig": "site"}
    project = SimpleNamespace(outputs=lambda stack: told.get(stack, {}), stacks=lambda *_, **__: {})
    monkeypatch.setattr(api_server, "http", lambda *_, **__: Server())

    with pytest.raises(NamespaceInUseError) as refused:
        refuse(cast(Project, project), "demo", described(), destroys=False)

    assert str(refused.value) == (
        "namespace 'shop' of cluster 'site' must hold nothing of others when it goes (got "
        "Cart/full, Service/api). Nothing describes it any more, and Kubernetes deletes all that "
        "is in it. Use: take these away first, describe an export of it again, or keep the "
        "namespace as yours: pulumi state delete --stack demo.site 'urn:pulumi:demo.site::linkmesh"
        "::linkmesh:index:MeshedNamespace$kubernetes:core/v1:Namespace::site-shop'"
    )
