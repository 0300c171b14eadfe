"""A split of calls, as it is described: whether the cluster that calls answers some itself."""

import pytest

from linkmesh.environment import Route


@pytest.mark.parametrize(
    ("weights", "served_here"),
    [({"east": 100}, False), ({"west": 0, "east": 100}, True)],
)
def test_a_route_is_served_here_if_the_calling_cluster_has_a_weight(
    weights: dict[str, int], served_here: bool
) -> None:
    route = Route("api", namespace="shop", on="west", port=80, weights=weights)

    assert route.is_served_here is served_here
