"""How calls reach a service, and by which name."""

import pytest

from linkmesh.linkerd.mode import LinkMode


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        (LinkMode.GATEWAY, "db-east"),
        (LinkMode.FLAT, "db-east"),
        (LinkMode.FEDERATED, "db-federated"),
    ],
)
def test_sources_call_a_service_by_its_mirror_or_its_federated_name(
    mode: LinkMode, name: str
) -> None:
    assert mode.callable_name("db", "east") == name


def test_only_calls_through_a_gateway_are_not_pod_to_pod() -> None:
    assert [mode for mode in LinkMode if not mode.is_pod_to_pod] == [LinkMode.GATEWAY]
