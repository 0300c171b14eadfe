"""An old name whose calls go to a mirror."""

from typing import Any

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.traffic.aliases import AliasProtocol, ServiceAlias, ServiceAliasArgs
from tests import engine
from tests.components.clusters import on_a_cluster

SERVICE = "kubernetes:core/v1:Service"


def aliased(**overrides: Any) -> engine.Notes:
    """Let yelb-db lead to its mirror."""

    def make(west: Cluster) -> None:
        given = {
            "cluster": west,
            "service": "yelb-db",
            "namespace": "yelb",
            "port": 5432,
            "mirror": "yelb-db-east",
            **overrides,
        }
        ServiceAlias("west-yelb-yelb-db", ServiceAliasArgs(**given))

    return on_a_cluster(make)


@pytest.mark.parametrize(
    ("protocol", "type_"),
    [
        (AliasProtocol.HTTP, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"),
        (AliasProtocol.GRPC, "kubernetes:gateway.networking.k8s.io/v1:GRPCRoute"),
        (AliasProtocol.TCP, "kubernetes:gateway.networking.k8s.io/v1alpha2:TCPRoute"),
    ],
)
def test_calls_of_the_plain_name_go_to_the_mirror(protocol: AliasProtocol, type_: str) -> None:
    route = aliased(protocol=protocol).one(type_)

    assert route.inputs["metadata"] == {"name": "yelb-db-alias", "namespace": "yelb"}
    assert route.inputs["spec"] == {
        "parentRefs": [{"group": "core", "kind": "Service", "name": "yelb-db", "port": 5432}],
        "rules": [{"backendRefs": [{"name": "yelb-db-east", "port": 5432}]}],
    }
    assert "west-yelb-yelb-db-service" in route.after


def test_the_plain_name_has_an_address_and_no_pods() -> None:
    service = aliased().one(SERVICE)

    assert service.inputs["metadata"]["name"] == "yelb-db"
    assert "selector" not in service.inputs["spec"]
    assert service.inputs["spec"]["ports"] == [{"name": "alias", "port": 5432, "protocol": "TCP"}]


def test_a_server_may_speak_first_behind_a_tcp_alias() -> None:
    metadata = aliased(protocol=AliasProtocol.TCP).one(SERVICE).inputs["metadata"]

    assert metadata["annotations"] == {"config.linkerd.io/opaque-ports": "5432"}


def test_a_service_that_is_there_is_left_to_its_owner() -> None:
    assert aliased(makes_service=False).of(SERVICE) == []


def test_an_alias_of_itself_and_an_impossible_port_are_errors_at_once() -> None:
    with pytest.raises(ValueError, match="alias") as error:
        aliased(mirror="yelb-db", port=0)

    assert str(error.value) == (
        "alias yelb/yelb-db must lead to another Service (got 'yelb-db'). The alias would have "
        "no effect. Use: mirror=exported.mirror\n"
        "port of alias yelb/yelb-db must be between 1 and 65535 (got 0)."
    )
