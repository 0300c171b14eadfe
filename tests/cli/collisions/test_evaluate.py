"""What on an existing cluster collides with the plan, and which field says that it is there."""

from typing import Any

import pytest

from linkmesh.cli.collisions.evaluate import Presence, collisions
from linkmesh.environment import Existing, Export, Kind, Linkerd, Plan, Yelb, chain
from tests.components.environment.described import planned

SHOP = {("shop", "orders")}
NOTHING = Presence(services=frozenset(SHOP))


def site(export: dict[str, Any] | None = None, **given: Any) -> Plan:
    """Plan an existing cluster that exports one service."""
    return planned(
        Kind("local"),
        Existing("onprem", **given),
        links=chain("local", "onprem"),
        exports=[Export("orders", namespace="shop", of="onprem", **(export or {}))],
        linkerd=Linkerd(cni=True),
    )


def found(plan: Plan, **there: Any) -> list[str]:
    """Return what collides, as people read it."""
    presence = Presence(**{"services": frozenset(SHOP), **there})
    return [str(each) for each in collisions(plan, "onprem", presence)]


def test_nothing_collides_on_an_empty_cluster() -> None:
    assert found(site()) == []


def test_nothing_collides_with_what_pulumi_made() -> None:
    ours = dict.fromkeys(
        ("shop", "linkerd", "linkerd-multicluster", "linkerd-viz", "linkerd-cni"), True
    )

    assert found(site(), namespaces=ours, gateway_api="1.1.1", gateway_api_is_linkerds=True) == []


def test_a_namespace_of_others_is_named_with_the_field_that_adopts_it() -> None:
    assert found(site(), namespaces={"shop": False, "payroll": False}) == [
        "namespace 'shop' is on 'onprem' already. linkmesh would make it, and fail. Use: "
        'Existing("onprem", namespaces=["shop"])'
    ]


def test_an_adopted_namespace_that_is_there_collides_with_nothing() -> None:
    assert found(site(namespaces=["shop"]), namespaces={"shop": False}) == []


def test_an_adopted_namespace_that_is_not_there_is_named() -> None:
    assert found(site(namespaces=["shop"])) == [
        "namespace 'shop' must be on 'onprem', as its description says (it is not). No mirror or "
        "export could be in it. Use: create it first, or leave it out of namespaces of 'onprem'"
    ]


def test_a_linkerd_of_others_is_named_with_the_field_that_uses_it() -> None:
    assert found(site(), namespaces={"linkerd": False}, linkerd="edge-26.5.1") == [
        "Linkerd edge-26.5.1 is on 'onprem' already. linkmesh would install another one, and fail. "
        'Use: Existing("onprem", has_linkerd=True), with the trust anchor of that Linkerd '
        "(docs/guides/install.md), or remove it: linkerd uninstall | kubectl delete -f -"
    ]


def test_a_linkerd_that_is_not_there_is_named() -> None:
    assert found(site(has_linkerd=True)) == [
        "Linkerd must be on 'onprem', as its description says (it is not). Use: install it first, "
        "or leave has_linkerd of 'onprem' out"
    ]


def test_a_linkerd_that_is_used_may_have_extensions_but_no_multicluster() -> None:
    there = dict.fromkeys(("linkerd", "linkerd-viz", "linkerd-cni"), False)
    plan = site(has_linkerd=True)

    assert found(plan, namespaces=there, linkerd="edge-26.6.3", gateway_api="1.4.0") == []
    [collision] = found(plan, namespaces={"linkerd-multicluster": False}, linkerd="edge-26.6.3")
    assert collision.startswith("namespace 'linkerd-multicluster' is on 'onprem' already.")


@pytest.mark.parametrize(
    "namespace", ["linkerd", "linkerd-multicluster", "linkerd-viz", "linkerd-cni"]
)
def test_a_namespace_that_a_former_linkerd_left_is_named(namespace: str) -> None:
    assert found(site(), namespaces={namespace: False}) == [
        f"namespace {namespace!r} is on 'onprem' already. linkmesh installs its own extension "
        "there, and would fail. Use: remove what is in it as it was installed, then: kubectl "
        f"delete namespace {namespace}"
    ]


def test_a_gateway_api_of_others_is_named_with_its_version() -> None:
    assert found(site(), gateway_api="1.4.0") == [
        "the Gateway API's CRDs 1.4.0 are on 'onprem' already. Helm would refuse to take them "
        'over. Use: Existing("onprem", gateway_api="1.4.0")'
    ]


def test_a_gateway_api_that_linkerd_does_not_support_says_so_too() -> None:
    [collision] = found(site(), gateway_api="0.6.0")

    assert "Gateway API must be between 1.2.1 and" in collision


def test_a_described_gateway_api_that_is_not_there_is_named() -> None:
    [collision] = found(site(gateway_api="1.4.0"))

    assert collision.startswith("the Gateway API's CRDs 1.4.0 must be on 'onprem'")


def test_a_gateway_api_of_another_version_than_described_is_named() -> None:
    plan = site(gateway_api="1.3.0")

    assert found(plan, gateway_api="1.3.0") == []
    assert found(plan, gateway_api="1.4.0") == [
        "the Gateway API's CRDs on 'onprem' must be 1.3.0, as its description says (got 1.4.0). "
        'Use: Existing("onprem", gateway_api="1.4.0")'
    ]


def test_an_exported_service_that_is_not_there_is_named_with_both_ways_out() -> None:
    assert found(site(), services=frozenset()) == [
        "Service shop/orders must be on 'onprem' to be exported (it is not). A label is added to "
        "it; it is not created. Use: deploy it first, or is_labelled=True in its Export, and let "
        "its owner label it mirror.linkerd.io/exported=true"
    ]


def test_a_service_that_its_owner_labels_may_come_later() -> None:
    assert found(site({"is_labelled": True}), services=frozenset()) == []


def test_services_of_the_application_are_made() -> None:
    plan = planned(
        Kind("local"),
        Existing("onprem"),
        links=chain("local", "onprem"),
        exports=[Export("yelb-appserver", namespace="yelb", of="onprem")],
        application=Yelb(ui="local", appserver="onprem", database="onprem"),
    )

    assert collisions(plan, "onprem", Presence()) == []
