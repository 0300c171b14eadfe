"""What becomes of plain resources in a cluster, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.framework import UNKNOWN, Naming, PartialFailure, Refused, Resource
from sandbox.plugins.kubernetes import changing
from sandbox.plugins.kubernetes.api import Api
from tests.sandbox.plugins.kubernetes.fake_server import FakeServer
from tests.sandbox.plugins.kubernetes.providers import NoServer, provider_of

URN = "urn:pulumi:dev::p::kubernetes:core/v1:ConfigMap::settings"
NAMING = Naming(urn=URN, name="settings", seed=b"seed")


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


def config_map(server: FakeServer, **settings: Any) -> Resource:
    return provider_of(server, **settings).resource("kubernetes:core/v1:ConfigMap")


def inputs(**overrides: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "default"},
        "data": {"a": "1"},
        **overrides,
    }


def create(resource: Resource, news: dict[str, Any]) -> dict[str, Any]:
    return resource.create(URN, news, preview=False, timeout=0).outputs


def update(
    resource: Resource, olds: dict[str, Any], outputs: dict[str, Any], news: dict[str, Any]
) -> dict[str, Any]:
    return resource.update(
        "default/settings", olds, outputs, news, preview=False, timeout=0
    ).outputs


def test_an_unnamed_object_gets_a_name_and_keeps_it(server: FakeServer) -> None:
    resource = config_map(server)
    unnamed = inputs(metadata={})

    first = resource.check(resource.named(unnamed, None, NAMING), None)
    later = Naming(urn=URN, name="settings", seed=b"another")
    second = resource.check(resource.named(unnamed, first, later), first)

    assert first["metadata"]["name"].startswith("settings-")
    assert len(first["metadata"]["name"]) == len("settings-") + 8
    assert first["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    assert first["metadata"]["namespace"] == "default"
    assert second == first


def test_an_object_without_a_namespace_gets_the_kubeconfigs(server: FakeServer) -> None:
    provider = provider_of(server)
    cluster_wide = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}}

    checked = provider.resource("kubernetes:core/v1:ConfigMap").check(
        inputs(metadata={"name": "s"}), None
    )

    assert checked["metadata"]["namespace"] == "default"
    assert (
        provider.resource("kubernetes:core/v1:Namespace").check(cluster_wide, None) == cluster_wide
    )


def test_a_kind_that_is_not_the_types_is_refused(server: FakeServer) -> None:
    with pytest.raises(Refused, match="must be those of the type kubernetes:core/v1:ConfigMap"):
        config_map(server).check(inputs(kind="Secret"), None)


def test_a_list_is_refused(server: FakeServer) -> None:
    resource = provider_of(server).resource("kubernetes:core/v1:ConfigMapList")

    with pytest.raises(Refused, match="cannot be created directly"):
        resource.check({"apiVersion": "v1", "kind": "ConfigMapList"}, None)


def test_a_created_object_is_the_state_without_ownership(server: FakeServer) -> None:
    outputs = create(config_map(server), inputs())

    assert outputs["data"] == {"a": "1"}
    assert outputs["metadata"]["uid"]
    assert "managedFields" not in outputs["metadata"]
    assert outputs["__fieldManager"].startswith("pulumi-kubernetes-")
    assert outputs["__initialApiVersion"] == "v1"


def test_an_existing_object_is_never_taken_over(server: FakeServer) -> None:
    create(config_map(server), inputs())

    with pytest.raises(Refused, match="already exists") as refused:
        create(config_map(server), inputs())

    assert "was not successfully created by the Kubernetes API server" in str(refused.value)
    assert "use `pulumi import`" in str(refused.value)


def test_a_preview_asks_the_server_and_makes_nothing(server: FakeServer) -> None:
    state = config_map(server).create(URN, inputs(), preview=True, timeout=0)

    assert state.id == ""
    assert state.outputs["metadata"]["uid"]
    assert list(server.objects) == ["/api/v1/namespaces/default"]


@pytest.mark.parametrize(
    "news",
    [
        inputs(data={"a": UNKNOWN}),
        inputs(metadata={"name": "settings", "namespace": "made-in-the-same-run"}),
    ],
)
def test_a_preview_shows_the_inputs_if_the_server_cannot_know(
    server: FakeServer, news: dict[str, Any]
) -> None:
    assert config_map(server).create(URN, news, preview=True, timeout=0).outputs == news


def test_a_preview_of_an_existing_object_goes_on(server: FakeServer) -> None:
    create(config_map(server), inputs())

    state = config_map(server).create(URN, inputs(), preview=True, timeout=0)

    assert state.outputs == inputs()


def test_a_preview_of_a_kind_without_definition_shows_the_inputs(server: FakeServer) -> None:
    link = {"apiVersion": "multicluster.linkerd.io/v1alpha3", "kind": "Link", "metadata": {}}
    resource = provider_of(server).resource("kubernetes:multicluster.linkerd.io/v1alpha3:Link")

    assert resource.create(URN, link, preview=True, timeout=0).outputs == link


def test_a_create_waits_for_the_namespace(server: FakeServer, monkeypatch: Any) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        server.objects["/api/v1/namespaces/late"] = {}

    monkeypatch.setattr("time.sleep", sleep)

    create(config_map(server), inputs(metadata={"name": "s", "namespace": "late"}))

    assert "/api/v1/namespaces/late/configmaps/s" in server.objects
    assert len(slept) == 1


def test_a_create_without_definition_ends_with_what_is_missing(
    server: FakeServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(changing, "RETRY_SECONDS", 0.0)
    link = {
        "apiVersion": "multicluster.linkerd.io/v1alpha3",
        "kind": "Link",
        "metadata": {"name": "east"},
    }
    resource = provider_of(server).resource("kubernetes:multicluster.linkerd.io/v1alpha3:Link")

    with pytest.raises(Refused, match="Verify that any required CRDs have been created"):
        create(resource, link)


def test_the_first_update_takes_over_so_that_removed_keys_vanish(server: FakeServer) -> None:
    resource = config_map(server)
    olds = inputs(data={"a": "1", "b": "2"})
    outputs = create(resource, olds)

    updated = update(resource, olds, outputs, inputs(data={"a": "3"}))

    assert updated["data"] == {"a": "3"}
    live = server.objects["/api/v1/namespaces/default/configmaps/settings"]
    managers = [(one["manager"], one["operation"]) for one in live["metadata"]["managedFields"]]
    assert managers == [(outputs["__fieldManager"], "Apply")]


def test_a_field_that_somebody_else_owns_is_a_conflict_unless_forced(server: FakeServer) -> None:
    resource = config_map(server)
    outputs = create(resource, inputs())
    api = Api(server)
    theirs = inputs(data={"a": "theirs"})
    api.apply(theirs, manager="somebody", force=True, dry_run=False)

    with pytest.raises(PartialFailure, match="server-side apply field conflict") as failed:
        update(resource, inputs(), outputs, inputs(data={"a": "2"}))

    assert outputs["__fieldManager"] in str(failed.value)
    assert failed.value.state.outputs["data"] == {"a": "theirs"}
    forced = inputs(data={"a": "2"})
    forced["metadata"]["annotations"] = {"pulumi.com/patchForce": "true"}
    assert update(resource, inputs(), outputs, forced)["data"] == {"a": "2"}


def test_another_field_manager_gives_up_the_fields_of_the_old(server: FakeServer) -> None:
    resource = config_map(server)
    outputs = create(resource, inputs())
    news = inputs()
    news["metadata"]["annotations"] = {"pulumi.com/patchFieldManager": "chosen"}

    updated = update(resource, inputs(), outputs, news)

    assert updated["__fieldManager"] == "chosen"


def test_an_object_that_is_gone_is_read_as_none(server: FakeServer) -> None:
    assert config_map(server).read("default/settings", inputs(), {}) is None


def test_a_read_finds_the_drift_of_our_fields_only(server: FakeServer) -> None:
    resource = config_map(server)
    outputs = create(resource, inputs())
    live = server.objects["/api/v1/namespaces/default/configmaps/settings"]
    live["data"] = {"a": "drifted", "z": "not ours"}

    found = resource.read("default/settings", inputs(), outputs)

    assert found is not None
    assert found[1]["data"] == {"a": "drifted"}
    assert found[0].outputs["data"] == {"a": "drifted", "z": "not ours"}
    assert found[0].outputs["__fieldManager"] == outputs["__fieldManager"]


def test_an_import_takes_everything_but_what_the_server_sets(server: FakeServer) -> None:
    resource = config_map(server)
    create(resource, inputs())

    found = resource.read("default/settings", {}, {})

    assert found is not None
    assert found[1] == inputs()


def test_a_delete_of_something_gone_is_no_error(server: FakeServer) -> None:
    resource = config_map(server)
    outputs = create(resource, inputs())

    resource.delete("default/settings", inputs(), outputs, timeout=1)
    resource.delete("default/settings", inputs(), outputs, timeout=1)

    assert "/api/v1/namespaces/default/configmaps/settings" not in server.objects


def test_a_delete_that_never_ends_names_the_finalizers(server: FakeServer) -> None:
    resource = config_map(server)
    outputs = create(resource, inputs())
    server.keeps_deleted = True
    live = server.objects["/api/v1/namespaces/default/configmaps/settings"]
    live["metadata"]["finalizers"] = ["example.com/keep"]

    with pytest.raises(Refused, match=r"preventing deletion \(example.com/keep\)"):
        resource.delete("default/settings", inputs(), outputs, timeout=0.2)


def test_an_unreachable_cluster_stops_an_update_but_no_preview() -> None:
    resource = provider_of(NoServer()).resource("kubernetes:core/v1:ConfigMap")

    assert resource.create(URN, inputs(), preview=True, timeout=0).outputs == inputs()
    with pytest.raises(Refused, match="configured Kubernetes cluster is unreachable: unable to"):
        create(resource, inputs())
    with pytest.raises(Refused, match="failed to read resource state due to unreachable cluster"):
        resource.read("default/settings", inputs(), inputs())
    with pytest.raises(Refused, match="PULUMI_K8S_DELETE_UNREACHABLE"):
        resource.delete("default/settings", inputs(), inputs(), timeout=0)


def test_an_unreachable_cluster_may_be_forgotten_or_skipped() -> None:
    forget = provider_of(NoServer(), delete_unreachable=True)
    skip = provider_of(NoServer(), skip_update_unreachable=True)
    token = "kubernetes:core/v1:ConfigMap"

    assert forget.resource(token).read("default/settings", inputs(), inputs()) is None
    forget.resource(token).delete("default/settings", inputs(), inputs(), timeout=0)
    found = skip.resource(token).read("default/settings", inputs(), inputs())
    assert found is not None
    assert found[1] == inputs()
    assert skip.resource(token).check(inputs(data={}), inputs()) == inputs()


def test_a_definition_is_replaced_as_a_whole(server: FakeServer) -> None:
    resource = provider_of(server).resource(
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
    )
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "w"},
        "spec": {"x_kubernetes_list_type": "map"},
    }
    outputs = create(resource, definition)

    changed = {**definition, "spec": {"x_kubernetes_list_type": "set"}}
    state = resource.update("w", definition, outputs, changed, preview=False, timeout=0)

    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/w"
    assert server.objects[path]["spec"] == {"x-kubernetes-list-type": "set"}
    assert state.outputs["spec"] == {"x_kubernetes_list_type": "set"}
    assert server.requests[-1][0] == "PUT"
