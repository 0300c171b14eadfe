"""The proxy of one workload, as annotations."""

from typing import Any

import pytest

from linkmesh.linkerd.proxies.proxy import ProxyResources
from linkmesh.linkerd.proxies.workload_proxy import (
    DEFAULT_OPAQUE_PORTS,
    WorkloadProxyConfig,
    proxy_annotations,
)


def test_a_workload_that_differs_in_nothing_is_not_annotated() -> None:
    assert proxy_annotations(WorkloadProxyConfig()) == {}


def test_everything_that_differs_is_annotated() -> None:
    proxy = WorkloadProxyConfig(
        resources=ProxyResources(
            cpu_request="200m", cpu_limit="1", memory_request="64Mi", memory_limit="1Gi"
        ),
        skip_inbound_ports=[25],
        skip_outbound_ports=[(4000, 4010), 5000],
        opaque_ports=[*DEFAULT_OPAQUE_PORTS, 27017],
    )

    assert proxy_annotations(proxy) == {
        "config.linkerd.io/proxy-cpu-request": "200m",
        "config.linkerd.io/proxy-cpu-limit": "1",
        "config.linkerd.io/proxy-memory-request": "64Mi",
        "config.linkerd.io/proxy-memory-limit": "1Gi",
        "config.linkerd.io/skip-inbound-ports": "25",
        "config.linkerd.io/skip-outbound-ports": "4000-4010,5000",
        "config.linkerd.io/opaque-ports": "25,587,3306,4444,5432,6379,9300,11211,27017",
    }


@pytest.mark.parametrize(
    ("port", "shown"), [(0, "0"), (65536, "65536"), ((10, 9), "10-9"), ((1, 70000), "1-70000")]
)
def test_what_is_no_port_and_no_range_is_an_error(port: int | tuple[int, int], shown: str) -> None:
    with pytest.raises(ValueError, match="opaque_ports") as error:
        WorkloadProxyConfig(opaque_ports=[port])

    assert str(error.value) == (
        "opaque_ports must hold ports from 1 to 65535, and ranges with the first one first (got "
        f"{shown}). Use: [25, (4000, 4010)]"
    )


@pytest.mark.parametrize("field", ["skip_inbound_ports", "skip_outbound_ports", "opaque_ports"])
def test_an_empty_list_is_an_error_since_it_would_change_nothing(field: str) -> None:
    none: dict[str, Any] = {field: ()}

    with pytest.raises(ValueError, match=field) as error:
        WorkloadProxyConfig(**none)

    assert str(error.value) == (
        f"{field} must name at least one port (got none). An empty annotation is ignored, "
        "and the mesh's own list would stay. Use: None, or a port that nothing listens on"
    )
