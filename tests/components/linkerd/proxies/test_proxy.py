"""Linkerd's proxy as the mesh has it: resources, admin port, tracing."""

import pytest

from linkmesh.linkerd.proxies.proxy import (
    ProxyConfig,
    ProxyResources,
    ProxyTracing,
    proxy_values,
    tracing_problems,
)

TRACING = ProxyTracing(
    endpoint="collector.tracing:4317", service_account="collector", namespace="t"
)


def test_a_proxy_with_defaults_sets_only_its_admin_port() -> None:
    assert proxy_values(ProxyConfig()) == {"proxy": {"ports": {"admin": 4191}}}


def test_only_what_is_given_of_resources_is_set() -> None:
    resources = ProxyResources(cpu_request="100m", memory_limit="250Mi")

    assert proxy_values(ProxyConfig(resources=resources))["proxy"]["resources"] == {
        "cpu": {"request": "100m"},
        "memory": {"limit": "250Mi"},
    }


@pytest.mark.parametrize(
    ("request_", "runtime"),
    [("1", None), ("1500m", {"workers": {"minimum": 2}}), ("4", {"workers": {"minimum": 4}})],
)
def test_a_proxy_has_as_many_threads_as_reserved_cores(request_: str, runtime: object) -> None:
    values = proxy_values(ProxyConfig(resources=ProxyResources(cpu_request=request_)))

    assert values["proxy"].get("runtime") == runtime


def test_every_invalid_resource_is_reported() -> None:
    with pytest.raises(ValueError, match="CPU") as error:
        ProxyResources(cpu_request="1", cpu_limit="500m", memory_request="20 Mi")

    assert str(error.value).splitlines() == [
        "proxy CPU limit must be at least the request (got limit '500m', request '1'). The API "
        "server would refuse every pod with such a proxy. Use: a limit of '1' or more",
        "proxy memory request must be a quantity of Kubernetes that is more than 0 (got '20 Mi'). "
        "The API server would refuse the pod. Use: '250Mi'",
    ]


@pytest.mark.parametrize("port", [0, 4140, 4143, 4190, 65536])
def test_an_admin_port_that_the_proxy_uses_otherwise_is_an_error(port: int) -> None:
    with pytest.raises(ValueError, match="admin_port") as error:
        ProxyConfig(admin_port=port)

    assert str(error.value) == (
        f"admin_port must be a port that the proxy does not use otherwise (got {port}). It uses "
        "4140, 4143, 4190 for its own traffic. Use: 4191"
    )


def test_spans_of_proxies_and_controllers_go_to_the_collector() -> None:
    values = proxy_values(ProxyConfig(tracing=TRACING))

    assert values["proxy"]["tracing"] == {
        "enabled": True,
        "collector": {
            "endpoint": "collector.tracing:4317",
            "meshIdentity": {"serviceAccountName": "collector", "namespace": "t"},
        },
    }
    assert values["controller"]["tracing"] == {
        "enabled": True,
        "collector": {"endpoint": "collector.tracing:4317"},
    }


@pytest.mark.parametrize(
    "endpoint", ["http://collector:4317", "collector", "collector:", ":4317", "a:99999"]
)
def test_a_collector_that_is_no_host_and_port_is_an_error(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint") as error:
        ProxyTracing(endpoint=endpoint, service_account="collector", namespace="t")

    assert str(error.value) == (
        f"endpoint of tracing must be a host and a port (got {endpoint!r}). Proxies call it with "
        "gRPC and accept no URL. Use: 'collector.tracing:4317'"
    )


def test_tracing_needs_one_domain_for_identities_and_names() -> None:
    domains = {"trust_domain": "mesh.test", "cluster_domain": "cluster.local"}

    assert tracing_problems(None, **domains) == []
    assert tracing_problems(TRACING, trust_domain="a.b", cluster_domain="a.b") == []
    assert tracing_problems(TRACING, **domains) == [
        "trust_domain must be the cluster_domain where there is tracing (got 'mesh.test' and "
        "'cluster.local'). Linkerd's chart expects the collector's identity in the cluster domain, "
        "and proxies would refuse the collector. Use: one domain for both, or tracing=None"
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            {"service_account": "A B"},
            "service_account of tracing must be a name that Kubernetes takes (got 'A B'). Proxies "
            "would refuse the collector. Use: 'collector'",
        ),
        (
            {"namespace": ""},
            "namespace of tracing must be a DNS label (got ''). Proxies would refuse the "
            "collector. Use: 'tracing'",
        ),
    ],
)
def test_a_collector_of_an_impossible_identity_is_an_error(
    names: dict[str, str], message: str
) -> None:
    ordinary = {"endpoint": "collector:4317", "service_account": "collector", "namespace": "t"}

    with pytest.raises(ValueError, match="of tracing") as error:
        ProxyTracing(**{**ordinary, **names})

    assert str(error.value) == message
