"""Links and exports of the package."""

import functools
from typing import Any

import pulumi

from tests import engine
from tests.components.package.constructed import KUBECONFIG, constructed, refused, secret

ON_WEST: dict[str, Any] = {"cluster": "west", "kubeconfig": secret(KUBECONFIG)}
ON_EAST: dict[str, Any] = {"cluster": "east", "kubeconfig": secret(KUBECONFIG)}
GRANT = {
    "account": "linkerd-service-mirror-remote-access-west",
    "token": "TOKEN",
    "generation": 1.0,
    "apiServer": "https://east.test",
    "certificateAuthorityData": "Q0E=",
}
GATEWAY = {"address": "192.0.2.10", "identity": "gateway of east", "port": 4143.0}
LINK = "kubernetes:multicluster.linkerd.io/v1alpha3:Link"


@functools.cache
def linked() -> engine.Notes:
    """Link west to east, with a grant and a gateway that are one output each."""
    gateway = {**GATEWAY, "probePort": 4191.0}
    return constructed(
        "Link",
        **ON_WEST,
        target="east",
        grant=secret(GRANT),
        gateway=lambda: pulumi.Output.from_input(gateway),
    )


def test_a_target_grants_access() -> None:
    notes = constructed("LinkAccess", **ON_EAST, source="west", modes=["gateway", "flat"])

    grant = notes.outputs["grant"]
    assert grant["token"] == engine.Secret("TOKEN it-token")
    assert {key: value for key, value in grant.items() if key != "token"} == {
        "account": "linkerd-service-mirror-remote-access-west",
        "generation": 1,
        "apiServer": "https://127.0.0.1:6443",
        "certificateAuthorityData": "Q0E=",
    }
    rules = notes.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").inputs["rules"]
    assert any("pods" in rule["resources"] for rule in rules)


def test_a_source_uses_the_grant() -> None:
    spec = linked().one(LINK).inputs["spec"]

    assert spec["targetClusterName"] == "east"
    assert spec["gatewayAddress"] == "192.0.2.10"
    assert spec["gatewayPort"] == "4143"
    assert spec["probeSpec"]["port"] == "4191"
    assert linked().outputs == {"target": "east"}


def test_the_token_reaches_the_engine_as_a_secret_only() -> None:
    [credentials] = linked().of("kubernetes:core/v1:Secret")
    opened = [text for each in linked().resources for text in engine.open_texts(each.inputs)]

    assert "TOKEN" in credentials.inputs["stringData"].value["kubeconfig"]
    assert not any("TOKEN" in text for text in opened)


def test_a_grant_that_is_not_known_yet_is_no_obstacle() -> None:
    notes = constructed(
        "Link",
        preview=True,
        **ON_WEST,
        target="east",
        grant=lambda: pulumi.Output.secret(pulumi.output.UNKNOWN),
        gateway=lambda: pulumi.output.UNKNOWN,
    )

    assert notes.one(LINK).name == "it-link"


def test_a_link_without_a_gateway_calls_pods() -> None:
    notes = constructed("Link", **ON_WEST, target="east", grant=secret(GRANT), modes=["flat"])

    assert "gatewayAddress" not in notes.one(LINK).inputs["spec"]


def test_a_link_needs_a_grant() -> None:
    assert refused("Link", **ON_WEST, target="east") == {"grant": "must be given (got none)"}
    assert refused("Link", **ON_WEST, target="east", grant={"account": "a"}) == {
        f"grant.{name}": "must be given (got none)"
        for name in ("token", "generation", "apiServer", "certificateAuthorityData")
    }


def test_an_export_tells_what_sources_call() -> None:
    notes = constructed("ExportedService", **ON_EAST, service="orders", namespace="shop")

    assert notes.outputs == {
        "mirror": "orders-east",
        "namespace": "shop",
        "host": "orders-east.shop.svc.cluster.local",
        "label": {"mirror.linkerd.io/exported": "true"},
    }
    assert notes.one("linkmesh:index:ExportedService").name == "it"


def test_rules_of_an_export_hold() -> None:
    problems = refused("ExportedService", **ON_EAST, service="o" * 60, namespace="shop")

    assert problems[""].startswith("mirror service of shop/o")
