"""Existing clusters: what cannot be true of them, or would change nothing."""

from typing import Any

import pytest

from linkmesh.environment import (
    DescriptionError,
    Existing,
    Export,
    LoadBalancer,
    NodePorts,
    chain,
)
from tests.components.environment.described import LOCAL, WEST, planned, problems


def found(**given: Any) -> list[str]:
    """Return what is wrong with an existing cluster that exports a service."""
    return problems(
        LOCAL,
        Existing("onprem", **given),
        links=chain("local", "onprem"),
        exports=[Export("api", namespace="shop", of="onprem")],
    )


def test_all_that_can_be_there_is_accepted() -> None:
    site = Existing(
        "onprem",
        namespaces=["shop"],
        gateway_api="1.3.0",
        gateway_service=NodePorts("192.0.2.10,node.example.com", port=31000, probe_port=31001),
        cluster_domain="corp.example.com",
    )
    export = Export("api", namespace="shop", of="onprem")

    plan = planned(LOCAL, site, links=chain("local", "onprem"), exports=[export])

    assert plan.clusters["onprem"].made_namespaces == ()


@pytest.mark.parametrize("domain", ["", "Corp", "corp_local", "corp..local", "a" * 64])
def test_a_domain_is_a_dns_name(domain: str) -> None:
    assert found(cluster_domain=domain) == [
        f"cluster_domain of cluster 'onprem' must be a DNS name (got {domain!r}). Names of its "
        'services end with it. Use: cluster_domain="cluster.local"'
    ]


@pytest.mark.parametrize("name", ["onprem", "local", "west", "nowhere"])
def test_a_flat_network_is_one_with_other_existing_clusters(name: str) -> None:
    site = Existing("onprem", flat_with=[name], egress=["198.51.100.20/32"])

    assert problems(LOCAL, WEST, site, Existing("lab"), links=chain("onprem", "west")) == [
        f"flat_with of cluster 'onprem' must name other existing clusters (got {name!r}). Networks "
        "of EKS clusters are joined by peerings, and kind clusters are on one machine. Known: lab."
    ]


@pytest.mark.parametrize(
    "address", ["", "a b", "192.0.2", "192.0.2.10, 192.0.2.11", "https://a", "fe80::1%eth0"]
)
def test_an_address_of_a_gateway_is_one_that_can_be_called(address: str) -> None:
    for service in (NodePorts(address), LoadBalancer(address=address)):
        assert found(gateway_service=service) == [
            "address in gateway_service of cluster 'onprem' must be host names or IP addresses, "
            f"joined by commas (got {address!r}). Sources call it, at a port of its own. Use: "
            'address="192.0.2.10"'
        ]


@pytest.mark.parametrize(("port", "probe_port"), [(80, 30191), (30143, 65000), (30143, 30143)])
def test_ports_of_nodes_are_two_that_kubernetes_accepts(port: int, probe_port: int) -> None:
    service = NodePorts("192.0.2.10", port=port, probe_port=probe_port)

    assert found(gateway_service=service) == [
        "gateway_service of cluster 'onprem': port and probe_port of node ports must be two ports "
        f"from 30000 to 32767 (got {port} and {probe_port}). Kubernetes accepts no others. Use: "
        "port=30143, probe_port=30191"
    ]


def test_a_namespace_that_nothing_uses_is_an_error() -> None:
    assert found(namespaces=["shop", "shpo"]) == [
        "namespaces of cluster 'onprem' must be of its exports, mirrors, routes or application "
        "(got 'shpo'). It would change nothing. Known: shop."
    ]


@pytest.mark.parametrize(
    "version", ["", "v1.3.0", "1.3", "latest", "\u0661.4.0", f"1.{'4' * 5000}.0"]
)
def test_a_version_of_the_gateway_api_is_a_version(version: str) -> None:
    assert found(gateway_api=version) == [
        f"gateway_api of cluster 'onprem' must be a version (got {version!r}). It is compared with "
        'those that Linkerd supports. Use: gateway_api="1.4.0"'
    ]


def test_a_version_of_the_gateway_api_that_linkerd_does_not_support_is_an_error() -> None:
    [problem] = found(gateway_api="0.6.0")

    assert problem.startswith(
        "gateway_api of cluster 'onprem': Gateway API must be between 1.2.1 and "
    )
    assert "(got 0.6.0)" in problem


def test_a_linkerd_that_is_there_has_its_gateway_api() -> None:
    assert found(gateway_api="1.3.0", has_linkerd=True) == [
        "gateway_api of cluster 'onprem' must be left out with has_linkerd (got '1.3.0'). Its "
        "Linkerd uses the CRDs that are there. Use: no gateway_api"
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"namespaces": "shop"}, 'Use: namespaces=["shop"]'),
        ({"flat_with": "lab"}, 'Use: flat_with=["lab"]'),
        ({"has_linkerd": "yes"}, "Use: has_linkerd=True"),
        ({"gateway_api": True}, "must be text (got True)"),
        ({"gateway_service": "NodePort"}, "must be a LoadBalancer or a NodePorts"),
        ({"cluster_domain": None}, 'Use: cluster_domain="cluster.local"'),
    ],
)
def test_types_of_what_is_there_are_checked(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(DescriptionError) as error:
        Existing("onprem", **given)

    assert problem in str(error.value)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "localhost", "192.0.2.1,::1"])
def test_an_address_that_each_machine_takes_for_its_own_is_an_error(address: str) -> None:
    for service in (NodePorts(address), LoadBalancer(address=address)):
        assert found(gateway_service=service) == [
            "address in gateway_service of cluster 'onprem' must be one that other machines reach "
            f"(got {address.split(',')[-1]}). It means another machine on each, or none. Use: "
            'address="192.0.2.10"'
        ]


@pytest.mark.parametrize("name", ["", "Bad Class!", "a/b/c", "/nlb"])
def test_a_class_of_load_balancers_is_a_name(name: str) -> None:
    assert found(gateway_service=LoadBalancer(load_balancer_class=name)) == [
        "gateway_service of cluster 'onprem': load_balancer_class must be a name, with a domain "
        f"before it if it has one (got {name!r}). Kubernetes accepts no others. Use: "
        'load_balancer_class="service.k8s.aws/nlb", or None for the default'
    ]


@pytest.mark.parametrize("key", ["", "bad key!", "a/b/c", "/a", "a" * 64, "A_/b"])
def test_a_key_of_an_annotation_is_a_name(key: str) -> None:
    [problem] = found(gateway_service=LoadBalancer(annotations={key: "x", "a.test/B_c": "y"}))

    assert problem.startswith(
        "gateway_service of cluster 'onprem': keys of annotations must be names, with a domain "
        f"before them if they have one (got {key!r}). "
    )


def test_annotations_have_a_size_that_kubernetes_stores() -> None:
    [problem] = found(gateway_service=LoadBalancer(annotations={"a": "x" * 300_000}))

    assert "annotations must have at most 262144 bytes (got 300001)" in problem
