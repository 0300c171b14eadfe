"""Environments for the tests: small ones with names, and random ones."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from linkmesh.environment import (
    ClusterSpec,
    DescriptionError,
    Eks,
    Environment,
    Export,
    Kind,
    LinkSpec,
    Plan,
    mesh,
)

ADMINS = ["arn:aws:iam::000000000000:root"]
OPERATORS = ["198.51.100.10/32"]


def on_aws(name: str, *, block: int = 10, **overrides: Any) -> Eks:
    """Describe an EKS cluster."""
    return Eks(name, **{"region": "eu-west-1", "cidr": f"10.{block}.0.0/16", **overrides})


def environment(
    *clusters: ClusterSpec, links: Sequence[LinkSpec] = (), **overrides: Any
) -> Environment:
    """Describe an environment that has administrators and operators."""
    ordinary: dict[str, Any] = {"admins": ADMINS, "operators": OPERATORS}
    return Environment(clusters=clusters, links=links, **{**ordinary, **overrides})


def planned(*clusters: ClusterSpec, links: Sequence[LinkSpec] = (), **overrides: Any) -> Plan:
    """Plan an environment that has administrators and operators."""
    return Plan.of(environment(*clusters, links=links, **overrides))


LOCAL, WEST, EAST = Kind("local"), on_aws("west", block=10), on_aws("east", block=20)


def problems(*clusters: ClusterSpec, **overrides: Any) -> list[str]:
    """Return what is wrong with a description."""
    with pytest.raises(DescriptionError) as error:
        planned(*clusters, **overrides)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw an environment of kind and EKS clusters with any links, and exports to some sources."""
    eks: list[Kind | Eks] = [
        on_aws(f"e{index}", block=index) for index in range(draw(st.integers(1, 4)))
    ]
    kinds: list[Kind | Eks] = [Kind(f"k{index}") for index in range(draw(st.integers(0, 2)))]
    targets = {cluster.name for cluster in eks}
    possible = [link for link in mesh(*[c.name for c in (*eks, *kinds)]) if link.target in targets]
    links = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    exports = []
    for target in sorted({link.target for link in links}):
        sources = sorted(link.source for link in links if link.target == target)
        for service in draw(st.sets(st.sampled_from(["api", "db", "web"]))):
            to = draw(st.none() | st.lists(st.sampled_from(sources), unique=True, min_size=1))
            exports.append(Export(service, namespace="shop", of=target, to=to))
    return planned(*eks, *kinds, links=links, exports=exports)
