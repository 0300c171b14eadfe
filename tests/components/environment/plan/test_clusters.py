"""What follows for one cluster: its gateway, and the federated services that it joins."""

from linkmesh.environment import (
    Environment,
    Existing,
    Export,
    Kind,
    LinkMode,
    NodePorts,
    Plan,
    chain,
)
from linkmesh.environment.plan import GatewayPlan, NodePortsPlan
from tests.components.environment.described import environment, on_aws, planned


def exporting(*exports: Export) -> Environment:
    """Describe two clusters that call a third."""
    return environment(
        on_aws("one", block=10),
        on_aws("two", block=20),
        on_aws("three", block=30),
        links=[*chain("one", "three"), *chain("two", "three")],
        exports=exports,
    )


def federated(service: str, *sources: str) -> Export:
    return Export(
        service, namespace="shop", of="three", to=sources or None, mode=LinkMode.FEDERATED
    )


def labels(described: Environment, cluster: str) -> tuple[str, ...]:
    """Return the labels of a cluster's federated services that are for chosen sources."""
    return Plan.of(described).clusters[cluster].federated_labels


def test_a_cluster_without_federated_services_has_the_charts_own_selector() -> None:
    assert labels(exporting(Export("api", namespace="shop", of="three")), "three") == ()


def test_a_service_for_every_source_needs_no_other_selector_than_the_charts() -> None:
    assert labels(exporting(federated("api")), "three") == ()


def test_a_service_for_chosen_sources_is_joined_on_its_own_cluster_too() -> None:
    described = exporting(federated("api", "one"), federated("db"))

    assert labels(described, "three") == ("to.one.three",)


def test_what_other_clusters_export_changes_nothing() -> None:
    assert labels(exporting(federated("api", "one")), "one") == ()


def test_a_cluster_that_no_link_comes_to_has_no_gateway() -> None:
    assert planned(on_aws("west")).clusters["west"].gateway is None


def test_a_gateway_on_kind_is_a_port_of_every_node() -> None:
    plan = planned(Kind("front"), Kind("back"), links=chain("front", "back"))

    assert plan.clusters["back"].gateway == GatewayPlan(
        node_ports=NodePortsPlan(address="back-control-plane", port=30143, probe_port=30191)
    )
    assert plan.link("front", "back").probe_port == 30191


def test_a_gateway_on_a_cluster_that_exists_has_the_load_balancer_of_that_cluster() -> None:
    plan = planned(Kind("local"), Existing("onprem"), links=chain("local", "onprem"))

    assert plan.clusters["onprem"].gateway == GatewayPlan()


def test_a_gateway_without_a_load_balancer_is_a_port_of_every_node() -> None:
    site = Existing("onprem", gateway_service=NodePorts("192.0.2.10", probe_port=31191))
    plan = planned(Kind("local"), site, links=chain("local", "onprem"))

    assert plan.clusters["onprem"].gateway == GatewayPlan(
        node_ports=NodePortsPlan(address="192.0.2.10", port=30143, probe_port=31191)
    )
    assert plan.link("local", "onprem").probe_port == 31191


def test_sources_know_the_domain_of_a_cluster() -> None:
    site = Existing("onprem", cluster_domain="corp.local")
    plan = planned(Kind("local"), site, links=chain("local", "onprem"))

    assert plan.link("local", "onprem").target_domain == "corp.local"
    assert plan.clusters["local"].cluster_domain == "cluster.local"


def test_a_source_calls_pods_of_headless_services_by_their_names_if_one_is_exported() -> None:
    exports = [
        Export("db", namespace="shop", of="three", to=["two"], headless=True),
        Export("api", namespace="shop", of="three"),
    ]
    plan = Plan.of(exporting(*exports))

    assert plan.link("two", "three").headless
    assert not plan.link("one", "three").headless
