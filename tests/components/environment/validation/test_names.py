"""Names: the longest possible ones are valid, and one character more is not."""

from typing import Any

import pytest

from linkmesh import names
from linkmesh.environment import Eks, Export, Kind, LinkMode, chain, mesh
from linkmesh.name_matrix import name_matrix
from tests.components.environment.described import EAST, LOCAL, WEST, on_aws, planned, problems


def exporting(service: str, mode: LinkMode = LinkMode.GATEWAY) -> dict[str, Any]:
    """Describe what makes east offer a service to west."""
    export = Export(service, namespace="shop", of="east", mode=mode)
    return {"links": chain("west", "east"), "exports": [export]}


@pytest.mark.parametrize("mode", [LinkMode.GATEWAY, LinkMode.FLAT])
def test_a_mirror_of_64_characters_is_an_error_and_of_63_not(mode: LinkMode) -> None:
    service = "a" * 57 + "-b"

    assert problems(WEST, EAST, **exporting(service, mode)) == [
        f"mirror service of service '{service}' of cluster 'east' must have a name of at most 63 "
        f"characters (got 64: {service}-east). It would be rejected, or silently not be created. "
        f"Shorten the service's name, e.g. to '{'a' * 57}'."
    ]
    assert planned(WEST, EAST, **exporting(service[1:], mode)).exports


def test_a_federated_service_of_64_characters_is_an_error_and_of_63_not() -> None:
    service = "a" * 54

    assert problems(WEST, EAST, **exporting(service, LinkMode.FEDERATED)) == [
        f"federated service of service '{service}' must have a name of at most 63 characters (got "
        f"64: {service}-federated). It would be rejected, or silently not be created. Shorten the "
        f"service's name, e.g. to '{'a' * 53}'."
    ]
    assert planned(WEST, EAST, **exporting(service[1:], LinkMode.FEDERATED)).exports


@pytest.mark.parametrize("cluster", [Kind("a" * 31), on_aws("a" * 31)])
def test_a_cluster_of_31_characters_is_an_error_and_said_once(cluster: Kind | Eks) -> None:
    assert problems(cluster) == [
        f"cluster '{'a' * 31}' must have a name of at most 30 characters (got 31: {'a' * 31}). It "
        "would be rejected, or silently not be created. Shorten the cluster's name, e.g. to "
        f"'{'a' * 30}'."
    ]


def test_every_name_of_a_cluster_of_30_characters_fits() -> None:
    checks = name_matrix([], ["a" * 30], eks=["a" * 30])

    assert [check for check in checks if not check.fits] == []


def test_each_service_is_held_against_each_cluster_that_exports_it() -> None:
    far = on_aws("far-far-east", block=30)
    service = "a" * 55
    exports = [
        Export(service, namespace="shop", of="west"),
        Export(service, namespace="shop", of="far-far-east"),
        Export("b" * 60, namespace="shop", of="west"),
    ]
    links = mesh("west", "east", "far-far-east")
    found = problems(WEST, EAST, far, links=links, exports=exports)

    assert [problem.split(" must")[0] for problem in found] == [
        f"mirror service of service '{service}' of cluster 'far-far-east'",
        f"mirror service of service '{'b' * 60}' of cluster 'west'",
    ]


def test_names_and_all_else_are_errors_together() -> None:
    found = problems(Kind("a" * 31), WEST, operators=["0.0.0.0/0"], **exporting("b" * 60))

    assert [problem.split(" must")[0] for problem in found] == [
        f"cluster '{'a' * 31}'",
        "operators",
        "link west -> east",
        f"export shop/{'b' * 60} of 'east'",
    ]


def test_a_long_name_without_an_export_is_no_problem() -> None:
    described = planned(LOCAL, WEST, links=chain("local", "west"))
    room = names.SERVICE_LIMIT - len("-west")

    assert described.names == ["local", "west"]
    assert len(names.mirror_service("a" * room, "west")) == names.SERVICE_LIMIT
