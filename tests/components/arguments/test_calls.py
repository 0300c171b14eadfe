"""What a user writes wrongly: one message for each call, with the line as it should be."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from linkmesh.arguments import DescriptionError, collected
from linkmesh.environment import (
    AccessEntry,
    AccessPolicy,
    Alias,
    CertManagerIssuer,
    Eks,
    Environment,
    Existing,
    Export,
    Kind,
    Linkerd,
    LinkMode,
    LinkSpec,
    NatGateways,
    ProxyConfig,
    Route,
    TrustState,
    Yelb,
    chain,
    hub,
    mesh,
)
from tests import engine


def eks(**given: Any) -> Eks:
    """Describe a cluster, with some argument that is not as it should be."""
    return Eks("west", **{"region": "eu-west-1", "cidr": "10.10.0.0/16", **given})


def environment(**given: Any) -> Environment:
    return Environment(**{"clusters": [Kind("local")], **given})


def route(**given: Any) -> Route:
    ordinary: dict[str, Any] = {"namespace": "shop", "on": "west", "port": 80, "weights": {"a": 1}}
    return Route("api", **{**ordinary, **given})


WRONG: dict[str, tuple[Callable[..., Any], list[Any], dict[str, Any], str]] = {
    "a number as text": (
        eks, [], {"nodes": "3"},
        'nodes of Eks("west") must be a whole number (got \'3\'). Use: nodes=3',
    ),
    "a fraction": (
        eks, [], {"nodes": 3.5},
        'nodes of Eks("west") must be a whole number (got 3.5). Use: nodes=3',
    ),
    "a float for a port": (
        route, [], {"port": 80.0},
        'port of Route("api") must be a whole number (got 80.0). Use: port=80',
    ),
    "a truth value for a number": (
        route, [], {"port": True},
        'port of Route("api") must be a whole number (got True). Use: port=<a whole number>',
    ),
    "a number that nobody counts to": (
        eks, [], {"nodes": 10**5000},
        'nodes of Eks("west") must be a whole number (got a number with too many digits). '
        "Use: nodes=3",
    ),
    "a version as a number": (
        eks, [], {"kubernetes": 1.34},
        'kubernetes of Eks("west") must be text (got 1.34). Use: kubernetes="1.34"',
    ),
    "text for a truth value": (
        Linkerd, [], {"viz": "false"},
        "viz of Linkerd(...) must be True or False (got 'false'). Use: viz=False",
    ),
    "weights as floats and truth values": (
        route, [], {"weights": {"a": 1.0, "b": True}},
        'weights["a"] of Route("api") must be a whole number (got 1.0). Use: 1\n'
        'weights["b"] of Route("api") must be a whole number (got True). Use: <a whole number>',
    ),
    "weights as pairs": (
        route, [], {"weights": [("a", 1)]},
        'weights of Route("api") must be a dict (got a list). Use: weights=<a dict>',
    ),
    "one instance type without a list": (
        eks, [], {"instance_types": "t3.large"},
        'instance_types of Eks("west") must be a list (got \'t3.large\'). '
        'Use: instance_types=["t3.large"]',
    ),
    "one source without a list": (
        Export, ["api"], {"namespace": "shop", "of": "west", "to": "local"},
        'to of Export("api") must be a list (got \'local\'). Use: to=["local"]',
    ),
    "one spoke without a list": (
        hub, ["a"], {"spokes": "east"},
        'spokes of hub("a") must be a list (got \'east\'). Use: spokes=["east"]',
    ),
    "one operator without a list": (
        environment, [], {"operators": "198.51.100.10/32"},
        "operators of Environment(...) must be a list (got '198.51.100.10/32'). "
        'Use: operators=["198.51.100.10/32"]',
    ),
    "one cluster without a list": (
        environment, [], {"clusters": Kind("local")},
        'clusters of Environment(...) must be a list (got Kind("local")). '
        'Use: clusters=[Kind("local")]',
    ),
    "one link without a list": (
        environment, [], {"links": LinkSpec("a", "b")},
        "links of Environment(...) must be a list (got a LinkSpec). "
        'Use: links=[LinkSpec("a", "b")]',
    ),
    "lists of links in a list": (
        environment, [], {"links": [chain("a", "b"), chain("b", "c")]},
        "links[0] of Environment(...) must be a LinkSpec, and not a list of them (got a list). "
        "Use: *(that list)",
    ),
    "a set, which has no order": (
        eks, [], {"instance_types": {"t3.large", "m7i.large"}},
        'instance_types of Eks("west") must be a list, in an order (got a set). '
        'Use: instance_types=["m7i.large", "t3.large"]',
    ),
    "nothing for a list": (
        Existing, ["site"], {"egress": None},
        'egress of Existing("site") must be a list (got None). Use: egress=[]',
    ),
    "a list of clusters to link": (
        chain, [["west", "east"]], {},
        "chain must get each of its clusters by itself (got a list). Nothing would be linked. "
        'Use: chain("west", "east")',
    ),
    "a number among clusters to link": (
        mesh, ["a", 3], {},
        'clusters[1] of mesh(...) must be text (got 3). Use: "3"',
    ),
    "a word that is no member of an enum": (
        eks, [], {"nat": "singel"},
        'nat of Eks("west") must be NatGateways.NONE, NatGateways.SINGLE or '
        "NatGateways.ONE_PER_AZ (got 'singel'). Use: nat=NatGateways.SINGLE",
    ),
    "nothing for an enum": (
        Export, ["api"], {"namespace": "shop", "of": "west", "mode": None},
        'mode of Export("api") must be LinkMode.GATEWAY, LinkMode.FLAT or LinkMode.FEDERATED '
        "(got None). Use: mode=LinkMode.GATEWAY",
    ),
    "a cluster for its name": (
        Alias, ["api"], {"namespace": "shop", "on": "east", "of": Kind("west"), "port": 80},
        'of of Alias("api") must be text (got Kind("west")). Use: of="west"',
    ),
    "a name for a cluster": (
        environment, [], {"clusters": ["west"]},
        "clusters[0] of Environment(...) must be a Kind, an Eks or an Existing (got 'west'). "
        "Use: Kind(...)",
    ),
    "a class for an object of it": (
        environment, [], {"clusters": [Kind]},
        "clusters[0] of Environment(...) must be a Kind, an Eks or an Existing (got the class "
        "Kind). Use: Kind(...)",
    ),
    "a dict for an object": (
        Linkerd, [], {"proxy": {"admin_port": 4191}},
        "proxy of Linkerd(...) must be a ProxyConfig (got a dict). Use: proxy=ProxyConfig(...)",
    ),
    "hours as a number": (
        CertManagerIssuer, [], {"name": "linkerd", "lifetime": 48},
        "lifetime of CertManagerIssuer(...) must be a timedelta (got 48). "
        "Use: lifetime=timedelta(...)",
    ),
    "arguments without their names": (
        Eks, ["west", "eu-west-1", "10.10.0.0/16"], {},
        'Eks("west") must have 1 argument without a name (got 3). Use, if these are meant: '
        'region="eu-west-1", cidr="10.10.0.0/16"',
    ),
    "misspelt names": (
        Eks, ["west"], {"regoin": "eu-west-1", "cidr": "10.10.0.0/16", "node": 4},
        'Eks("west") must have known arguments only (got regoin). Use: region="eu-west-1"\n'
        'Eks("west") must have known arguments only (got node). Use: nodes=4',
    ),
    "a name that is like none, and others that lack": (
        Yelb, [], {"frontend": "a", "database": "c"},
        "Yelb(...) must have known arguments only (got frontend). Use: ui, appserver, database, "
        "namespace or copies\n"
        "Yelb(...) must have ui and appserver (got none). Use: ui=..., appserver=...",
    ),
    "an argument twice": (
        Eks, ["west"], {"name": "east", "region": "eu-west-1", "cidr": "10.10.0.0/16"},
        'name of Eks("west") must be given once (got \'west\' and \'east\'). Use: name="west"',
    ),
    "half of a link": (
        LinkSpec, ["west"], {},
        'LinkSpec("west") must have target (got none). Use: target=...',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_is_an_error_with_the_line_that_is_meant(case: str) -> None:
    described, args, kwargs, message = WRONG[case]

    with pytest.raises(DescriptionError) as error:
        described(*args, **kwargs)

    assert str(error.value) == message
    assert error.value.problems == message.splitlines()


def test_whatever_has_an_order_is_stored_as_a_tuple() -> None:
    links = (LinkSpec("a", "b") for _ in [0])

    assert environment(links=links).links == (LinkSpec("a", "b"),)
    assert environment(operators=map(str, [1, 2])).operators == ("1", "2")
    assert eks(instance_types=["t3.large"]).instance_types == ("t3.large",)
    assert eks(instance_types={"t3.large": 1}.keys()).instance_types == ("t3.large",)
    assert TrustState(anchors=[1, 2]).anchors == (1, 2)  # type: ignore[arg-type]
    spokes: Any = (name for name in "bc")
    assert hub("a", spokes=spokes) == [LinkSpec("a", "b"), LinkSpec("a", "c")]


def test_a_dict_is_copied_so_that_no_later_change_is_missed() -> None:
    weights = {"a": 1}
    split = route(weights=weights)
    weights["a"] = 2

    assert split.weights == {"a": 1}


@pytest.mark.parametrize("written", ["one", "SINGLE", "single", NatGateways.SINGLE])
def test_a_member_of_an_enum_is_taken_by_its_value_or_name(written: Any) -> None:
    assert eks(nat=written).nat is NatGateways.SINGLE


def test_words_of_two_parts_are_joined_as_one_likes() -> None:
    per_zone = {eks(nat=word).nat for word in ("per zone", "per-zone", "per_zone", "ONE_PER_AZ")}

    assert per_zone == {NatGateways.ONE_PER_AZ}


def test_a_policy_is_a_member_where_its_word_is_one_and_else_an_arn() -> None:
    arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy"

    assert AccessEntry("arn:x", "view").policy is AccessPolicy.VIEW
    assert AccessEntry("arn:x", arn).policy == arn


def test_collected_problems_of_several_calls_name_their_places() -> None:
    places = iter(["demo.py, line 3", "demo.py, line 5", "demo.py, line 9"])

    with collected(lambda: next(places)) as problems:
        clusters = [eks(nodes="3"), eks(cidr=10)]
        linked = chain(["west", "east"])  # type: ignore[arg-type]
        environment(clusters=clusters, links=linked, application=None)

    assert linked == []
    assert [problem.split(" must")[0] for problem in problems] == [
        'demo.py, line 3: nodes of Eks("west")',
        'demo.py, line 5: cidr of Eks("west")',
        "demo.py, line 9: chain",
    ]


def test_rules_that_an_object_has_itself_are_collected_too() -> None:
    with collected(lambda: "demo.py, line 3") as problems:
        ProxyConfig(admin_port=4143)
        LinkSpec("west", target=3)  # type: ignore[arg-type]

    assert [problem[:30] for problem in problems] == [
        "demo.py, line 3: admin_port mu",
        "demo.py, line 3: target of Lin",
    ]
    with pytest.raises(ValueError, match=r"^admin_port must be a port"):
        ProxyConfig(admin_port=4143)


def test_modes_are_what_they_were() -> None:
    assert Export("api", namespace="shop", of="west", mode="flat").mode is LinkMode.FLAT  # type: ignore[arg-type]


def test_an_output_of_pulumi_is_no_argument_of_a_description() -> None:
    def program() -> None:
        for given in (
            {"cidr": pulumi.Output.from_input("x")},
            {"nat": pulumi.Output.from_input("x")},
        ):
            with pytest.raises(DescriptionError, match="got an Output"):
                eks(**given)
        with pytest.raises(DescriptionError, match="got an Output"):
            eks(instance_types=pulumi.Output.from_input(["t3.large"]))

    engine.run(program)
