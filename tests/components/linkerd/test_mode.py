"""How calls reach a service, and by which name."""

import pytest

from components.linkerd.mode import Mode


@pytest.mark.parametrize(
    ("mode", "name"),
    [(Mode.GATEWAY, "db-east"), (Mode.FLAT, "db-east"), (Mode.FEDERATED, "db-federated")],
)
def test_sources_call_a_service_by_its_mirror_or_its_federated_name(mode: Mode, name: str) -> None:
    assert mode.callable_name("db", "east") == name


def test_only_calls_through_a_gateway_are_not_pod_to_pod() -> None:
    assert [mode for mode in Mode if not mode.is_pod_to_pod] == [Mode.GATEWAY]
