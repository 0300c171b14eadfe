"""Aliases that lead nowhere, or that are not alone, are errors, each with a remedy."""

from typing import Any

import pytest

from linkmesh.environment import Alias, Export, LinkMode, Route, Yelb, chain
from tests.components.environment.described import on_aws, planned, problems

CLUSTERS = (on_aws("west", block=10), on_aws("east", block=20))
LINKS = chain("west", "east")
EXPORTS = [Export("api", namespace="shop", of="east")]


def alias(service: str = "api", **overrides: Any) -> Alias:
    """Describe a valid alias, with changes."""
    ordinary: dict[str, Any] = {"namespace": "shop", "on": "west", "of": "east", "port": 80}
    return Alias(service, **{**ordinary, **overrides})


def found(*aliases: Alias, **overrides: Any) -> list[str]:
    """List what is wrong with an environment that has these aliases."""
    given = {"links": LINKS, "exports": EXPORTS, **overrides}
    return problems(*CLUSTERS, aliases=aliases, **given)


def test_an_alias_of_a_mirror_is_valid() -> None:
    assert planned(*CLUSTERS, links=LINKS, exports=EXPORTS, aliases=[alias()]).aliases


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (alias(on="north"), "must be of clusters of the environment (got 'north')"),
        (alias(of="north"), "must be of clusters of the environment (got 'north')"),
        (alias(namespace="other"), "must lead to a cluster that exports the service to it"),
        (alias("db"), 'Add: Export("db", namespace="shop", of="east", to=["west"])'),
        (alias("Api"), "must be a DNS label (got 'Api')"),
        (alias(port=70000), "must be between 1 and 65535 (got 70000)"),
    ],
)
def test_an_alias_that_leads_nowhere_is_an_error(wrong: Alias, said: str) -> None:
    assert any(said in problem for problem in found(wrong))


def test_a_federated_service_is_no_mirror_of_one_cluster() -> None:
    federated = [Export("api", namespace="shop", of="east", mode=LinkMode.FEDERATED)]

    assert "must lead to a cluster that exports" in found(alias(), exports=federated)[0]


def test_an_alias_is_given_once() -> None:
    assert "must be given once (got 2 times)" in found(alias(), alias(port=81))[0]


def test_an_alias_and_a_route_of_one_name_are_errors() -> None:
    route = Route("api", namespace="shop", on="west", port=80, weights={"east": 100})

    assert "must be the only one to take calls" in found(alias(), routes=[route])[0]


def test_an_alias_in_place_of_a_service_that_is_there_says_so() -> None:
    yelb = Yelb(ui="west", appserver="east", database="east", copies=["west"])
    exports = [Export("yelb-appserver", namespace="yelb", of="east")]
    wrong = alias("yelb-appserver", namespace="yelb")
    right = alias("yelb-appserver", namespace="yelb", is_there=True)

    given: dict[str, Any] = {"exports": exports, "application": yelb}
    assert "Use: is_there=True" in found(wrong, **given)[0]
    [alone] = planned(*CLUSTERS, links=LINKS, aliases=[right], **given).aliases
    assert alone.described == right
