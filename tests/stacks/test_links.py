"""The parts `links`: each link on its source, and mirrors appear exactly where declared."""

import functools
from typing import Any

import pytest
from hypothesis import given

from linkmesh import names
from linkmesh.environment import Export, Kind, LinkSpec, Plan, chain
from linkmesh.linkerd.links.export_labels import label_value, selector
from linkmesh.linkerd.mode import LinkMode
from tests import engine
from tests.components.environment.described import on_aws, planned, plans
from tests.stacks import contracts

LINK = "kubernetes:multicluster.linkerd.io/v1alpha3:Link"
SECRET = "kubernetes:core/v1:Secret"
EXPORTED = "mirror.linkerd.io/exported"
DESCRIBED = planned(
    Kind("local"),
    Kind("laptop"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=[*chain("local", "west", "east"), LinkSpec("laptop", "west")],
    exports=[
        Export("api", namespace="shop", of="west"),
        Export("admin", namespace="shop", of="west", to=["local"]),
        Export("db", namespace="shop", of="east"),
    ],
)


@functools.cache
def deployed() -> engine.Notes:
    """Deploy the parts of all sources."""
    return contracts.deployed(DESCRIBED, DESCRIBED.link_parts)


def matches(selector: dict[str, Any], value: str) -> bool:
    """Evaluate a selector of export labels, as Kubernetes does."""
    if "matchLabels" in selector:
        return bool(selector["matchLabels"] == {EXPORTED: value})
    [expression] = selector["matchExpressions"]
    assert (expression["key"], expression["operator"]) == (EXPORTED, "In")
    return value in expression["values"]


def test_each_link_is_made_on_its_source() -> None:
    made = {
        (noted.provider.split("::")[-2], noted.inputs["metadata"]["name"])
        for noted in deployed().of(LINK)
    }

    assert made == {
        ("local-kubernetes", "west"),
        ("laptop-kubernetes", "west"),
        ("west-kubernetes", "east"),
    }


def test_a_link_knows_its_targets_gateway() -> None:
    spec = deployed().one(LINK, "west-east-link").inputs["spec"]

    assert spec["gatewayAddress"] == "192.0.2.10"
    assert spec["gatewayIdentity"] == "identity of east"


def test_a_link_calls_and_probes_the_address_of_its_target() -> None:
    stacks = contracts.exported("test", DESCRIBED)
    stacks["organization/linkmesh/test.east"]["cluster"] |= {
        "gatewayPort": 30143,
        "probePort": 30191,
    }
    notes = contracts.deployed(DESCRIBED, DESCRIBED.link_parts, stacks)
    moved = notes.one(LINK, "west-east-link").inputs["spec"]
    usual = notes.one(LINK, "local-west-link").inputs["spec"]

    assert (moved["gatewayPort"], moved["probeSpec"]["port"]) == ("30143", "30191")
    assert (usual["gatewayPort"], usual["probeSpec"]["port"]) == ("4143", "4191")


@pytest.mark.parametrize("name", ["local-west", "laptop-west", "west-east"])
def test_a_source_gets_the_token_that_its_target_granted_to_it(name: str) -> None:
    source, target = name.split("-")
    secret = deployed().one(SECRET, f"{name}-credentials").inputs["stringData"]

    assert isinstance(secret, engine.Secret)
    assert f"token of {source} on {target}" in secret.value["kubeconfig"]
    assert f"server: https://{target}.test" in secret.value["kubeconfig"]


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ("links.local", {"local", "west"}),
        ("links.laptop", {"laptop", "west"}),
        ("links.west", {"west", "east"}),
    ],
)
def test_a_stack_reads_its_source_and_targets_and_touches_only_the_source(
    part: str, read: set[str]
) -> None:
    notes = contracts.deployed(DESCRIBED, [part], contracts.only(DESCRIBED, read))

    [provider] = notes.of("pulumi:providers:kubernetes")
    assert provider.name == f"{part.removeprefix('links.')}-kubernetes"


def test_a_cluster_without_targets_has_no_stack_of_links() -> None:
    assert DESCRIBED.link_parts == ["links.local", "links.laptop", "links.west"]


def test_each_further_link_of_a_source_is_four_resources() -> None:
    """Five if it calls pods: then Linkerd's destination controller has credentials as well."""

    def count(targets: int, mode: LinkMode) -> int:
        names = "abc"[: targets + 1]
        plan = planned(
            *(on_aws(name, block=place * 10) for place, name in enumerate(names, start=1)),
            links=[LinkSpec("a", target) for target in names[1:]],
            exports=[Export("api", namespace="shop", of=of, mode=mode) for of in names[1:]],
        )
        return len(contracts.deployed(plan, ["links.a"]).resources)

    assert (count(1, LinkMode.GATEWAY), count(2, LinkMode.GATEWAY)) == (2 + 4, 2 + 2 * 4)
    assert (count(1, LinkMode.FLAT), count(2, LinkMode.FLAT)) == (2 + 5, 2 + 2 * 5)


def test_the_administrators_kubeconfig_reaches_the_engine_as_a_secret() -> None:
    for provider in deployed().of("pulumi:providers:kubernetes"):
        assert provider.inputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)


def test_a_source_selects_exports_for_all_and_those_that_name_it() -> None:
    assert DESCRIBED.link("laptop", "west").labels[LinkMode.GATEWAY] == ("true",)
    assert DESCRIBED.link("local", "west").labels[LinkMode.GATEWAY] == ("true", "to.local")
    assert deployed().one(LINK, "local-west-link").inputs["spec"]["selector"] == {
        "matchExpressions": [{"key": EXPORTED, "operator": "In", "values": ["to.local", "true"]}]
    }
    assert deployed().one(LINK, "laptop-west-link").inputs["spec"]["selector"] == {
        "matchLabels": {EXPORTED: "true"}
    }


def test_every_link_is_exported_with_the_address_where_calls_arrive() -> None:
    assert deployed().outputs["links.west"]["links"] == {
        "version": 1,
        "links": [{"source": "west", "target": "east", "gatewayAddress": "192.0.2.10"}],
    }


@given(plans())
def test_mirrors_appear_where_they_are_declared_and_nowhere_else(plan: Plan) -> None:
    described = plan.environment
    declared = {
        (source, export.namespace, names.mirror_service(export.service, export.of))
        for export in described.exports
        for source, target in described.links
        if target == export.of and (export.to is None or source in export.to)
    }
    appearing = {
        (
            link.source,
            export.described.namespace,
            names.mirror_service(export.described.service, link.target),
        )
        for link in plan.links
        for export in plan.exports
        if export.described.of == link.target
        and matches(
            selector(LinkMode.GATEWAY, link.labels[LinkMode.GATEWAY]),
            label_value(LinkMode.GATEWAY, of=export.described.of, sources=export.chosen_sources),
        )
    }
    planned_mirrors = {(each.cluster, each.namespace, each.service) for each in plan.mirrors}

    assert appearing == declared == planned_mirrors


@given(plans())
def test_no_label_makes_a_mirror_without_a_gateway(plan: Plan) -> None:
    for link in plan.links:
        assert "remote-discovery" not in link.labels[LinkMode.GATEWAY]
