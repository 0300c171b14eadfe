"""The parts `apps` and `routes`: tiers, whom they call, exports, and what leads calls on."""

import dataclasses
import functools
from typing import Any

import pytest

from linkmesh.environment import (
    Alias,
    Export,
    Injection,
    Kind,
    Plan,
    Unmeshed,
    Yelb,
    chain,
)
from tests import engine
from tests.components.environment.described import on_aws, planned
from tests.stacks import contracts

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
PATCH = "kubernetes:core/v1:ServicePatch"
SPREAD = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
    exports=[
        Export("yelb-appserver", namespace="yelb", of="west", to=["local"]),
        Export("yelb-db", namespace="yelb", of="east", to=["west"]),
    ],
    injection=Injection.PER_DEPLOYMENT,
    application=Yelb(ui="local", appserver="west", database="east"),
)


def deployed(described: Plan) -> engine.Notes:
    """Deploy the parts of all clusters."""
    return contracts.deployed(described, [*described.app_parts, *described.route_parts])


@functools.cache
def spread() -> engine.Notes:
    """Deploy Yelb on three clusters."""
    return deployed(SPREAD)


def variables(notes: engine.Notes, tier: str) -> dict[str, str]:
    """Read the variables of a tier."""
    spec = notes.one(DEPLOYMENT, f"{tier}-deployment").inputs["spec"]["template"]["spec"]
    return {entry["name"]: entry["value"] for entry in spec["containers"][0]["env"]}


def test_each_tier_runs_where_it_is_described_and_the_cache_beside_its_caller() -> None:
    placed = {noted.within: noted.provider.split("::")[-2] for noted in spread().of(DEPLOYMENT)}

    assert placed == {
        "yelb-ui": "local-kubernetes",
        "yelb-appserver": "west-kubernetes",
        "redis-server": "west-kubernetes",
        "yelb-db": "east-kubernetes",
    }


def test_callers_on_other_clusters_get_the_names_of_mirrors() -> None:
    assert variables(spread(), "yelb-ui") == {
        "YELB_APPSERVER_ENDPOINT": "http://yelb-appserver-west:4567"
    }
    assert variables(spread(), "yelb-appserver")["YELB_DB_SERVER_ENDPOINT"] == "yelb-db-east"
    assert variables(spread(), "yelb-appserver")["REDIS_SERVER_ENDPOINT"] == "redis-server"


def test_callers_on_the_same_cluster_get_the_tiers_own_name() -> None:
    together = deployed(
        planned(
            Kind("local"),
            Kind("spare"),
            application=Yelb(ui="local", appserver="local", database="local"),
        )
    )

    assert variables(together, "yelb-ui") == {
        "YELB_APPSERVER_ENDPOINT": "http://yelb-appserver:4567"
    }
    assert variables(together, "yelb-appserver")["YELB_DB_SERVER_ENDPOINT"] == "yelb-db"
    assert together.of(PATCH) == []
    assert [noted.name for noted in together.of("pulumi:providers:kubernetes")] == [
        "local-kubernetes"
    ]


@pytest.mark.parametrize("tier", ["yelb-ui", "yelb-appserver", "redis-server", "yelb-db"])
def test_workloads_ask_for_the_proxy_where_namespaces_do_not(tier: str) -> None:
    template: dict[str, Any] = (
        spread().one(DEPLOYMENT, f"{tier}-deployment").inputs["spec"]["template"]
    )

    assert template["metadata"]["annotations"]["linkerd.io/inject"] == "enabled"


@pytest.mark.parametrize(
    ("tier", "cluster"), [("yelb-ui", "local"), ("yelb-appserver", "west"), ("yelb-db", "east")]
)
def test_workloads_carry_what_runs_on_their_cluster_and_roll_with_it(
    tier: str, cluster: str
) -> None:
    stacks = contracts.exported("test", SPREAD)
    for name in SPREAD.names:
        outputs = {"linkmesh.io/linkerd": f"release of {name}", "linkmesh.io/trust": f"of {name}"}
        stacks[f"organization/linkmesh/test.{name}"]["cluster"]["dataPlane"] = outputs
    notes = contracts.deployed(SPREAD, SPREAD.app_parts, stacks)

    template = notes.one(DEPLOYMENT, f"{tier}-deployment").inputs["spec"]["template"]
    assert (
        template["metadata"]["annotations"].items()
        >= {
            "linkmesh.io/linkerd": f"release of {cluster}",
            "linkmesh.io/trust": f"of {cluster}",
        }.items()
    )


def test_a_name_that_stays_leads_to_the_mirror_and_its_callers_keep_it() -> None:
    moved = Alias("yelb-appserver", namespace="yelb", on="local", of="west", port=4567)
    notes = deployed(Plan.of(dataclasses.replace(SPREAD.environment, aliases=[moved])))

    route = notes.one("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute").inputs
    service = notes.one(SERVICE, "local-yelb-yelb-appserver-alias-service").inputs

    assert variables(notes, "yelb-ui")["YELB_APPSERVER_ENDPOINT"] == "http://yelb-appserver:4567"
    assert "selector" not in service["spec"]
    assert route["spec"]["parentRefs"][0]["name"] == service["metadata"]["name"]
    assert route["spec"]["rules"] == [
        {"backendRefs": [{"name": "yelb-appserver-west", "port": 4567}]}
    ]


def test_services_are_exported_from_their_own_clusters() -> None:
    exports = {
        noted.name: (noted.provider.split("::")[-2], noted.inputs["metadata"]["labels"])
        for noted in spread().of(PATCH)
    }

    assert exports == {
        "west-yelb-yelb-appserver": ("west-kubernetes", {"mirror.linkerd.io/exported": "true"}),
        "east-yelb-yelb-db": ("east-kubernetes", {"mirror.linkerd.io/exported": "true"}),
    }


def test_exports_wait_for_the_services_that_they_mark() -> None:
    after = {each.name: each.after for each in spread().of("linkmesh:index:ExportedService")}

    assert "yelb-appserver-service" in after["west-yelb-yelb-appserver"]
    assert "yelb-db-service" in after["east-yelb-yelb-db"]


@pytest.mark.parametrize("part", ["apps.local", "apps.west", "apps.east"])
def test_a_stack_reads_its_cluster_and_touches_no_other(part: str) -> None:
    cluster = part.removeprefix("apps.")
    notes = contracts.deployed(SPREAD, [part], contracts.only(SPREAD, {cluster}))

    [provider] = notes.of("pulumi:providers:kubernetes")
    assert provider.name == f"{cluster}-kubernetes"
    assert provider.inputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)


def test_each_stack_exports_the_mirrors_of_its_exports() -> None:
    mirrors = {part: outputs["apps"]["mirrors"] for part, outputs in spread().outputs.items()}

    assert mirrors == {
        "apps.local": [],
        "apps.west": [{"cluster": "local", "namespace": "yelb", "service": "yelb-appserver-west"}],
        "apps.east": [{"cluster": "west", "namespace": "yelb", "service": "yelb-db-east"}],
    }


def test_services_of_others_can_be_exported_without_an_application() -> None:
    notes = deployed(
        planned(
            Kind("local"),
            on_aws("west"),
            links=chain("local", "west"),
            exports=[Export("api", namespace="shop", of="west")],
        )
    )

    assert notes.one(PATCH).name == "west-shop-api"
    assert notes.of(DEPLOYMENT) == []


def test_a_tier_that_is_excepted_gets_no_proxy() -> None:
    unmeshed = [Unmeshed(namespace="yelb", workload="yelb-db", why="speaks first")]
    excepted = Plan.of(dataclasses.replace(SPREAD.environment, unmeshed=unmeshed))
    notes = deployed(excepted)

    def injected(tier: str) -> str:
        template = notes.one(DEPLOYMENT, f"{tier}-deployment").inputs["spec"]["template"]
        return str(template["metadata"]["annotations"]["linkerd.io/inject"])

    assert injected("yelb-db") == "disabled"
    assert injected("yelb-ui") == "enabled"
