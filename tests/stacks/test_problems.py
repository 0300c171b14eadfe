"""What is refused in a description: each rule with its whole sentence, and several at once."""

from typing import Any

import pytest

from components.cluster import HA_NODES
from stacks.environment import Eks, Environment, Export, Kind, LinkSpec, Yelb, chain, mesh
from stacks.problems import DescriptionError
from tests.stacks.described import environment, on_aws

LOCAL, WEST, EAST = Kind("local"), on_aws("west", block=10), on_aws("east", block=20)
EXPORT = Export("api", namespace="shop", of="west")


def problems(*clusters: Kind | Eks, **overrides: Any) -> list[str]:
    """Tell what is wrong with a description."""
    with pytest.raises(DescriptionError) as refused:
        environment(*clusters, **overrides)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def test_an_environment_without_clusters_is_refused() -> None:
    assert problems() == [
        "environment must have at least one cluster (got none). There would be nothing to deploy. "
        'Use: clusters=[Kind("local")]'
    ]


@pytest.mark.parametrize("name", ["West", "1st", "we_st", "a" * 31, ""])
def test_a_cluster_whose_name_is_no_short_dns_label_is_refused(name: str) -> None:
    assert problems(Kind(name)) == [
        "name of a cluster must be a DNS label of at most 30 characters: lower-case letters, "
        f"digits and hyphens, a letter first (got {name!r}, {len(name)} characters). It ends the "
        "name of every mirror service. Use: west"
    ]


@pytest.mark.parametrize("name", ["trust", "network", "links", "apps"])
def test_a_cluster_with_the_name_of_another_part_is_refused(name: str) -> None:
    assert problems(Kind(name)) == [
        f"name of a cluster must not be one of trust, network, links, apps (got {name!r}). It is "
        "the name of another part of the environment. Choose another."
    ]


def test_two_clusters_of_one_name_are_refused() -> None:
    assert problems(Kind("west"), Kind("west")) == [
        "clusters must have different names (got 'west' 2 times). Each is a stack of its own. "
        "Rename one."
    ]


@pytest.mark.parametrize(
    "cluster", [Kind("west", workers=2), on_aws("west", nodes=2)], ids=["kind", "EKS"]
)
def test_a_cluster_too_small_for_high_availability_is_refused(cluster: Kind | Eks) -> None:
    assert HA_NODES == 3
    assert problems(cluster) == [
        "cluster 'west' must have at least 3 nodes (got 2). Linkerd's high availability puts each "
        "replica on a node of its own. Use: 3"
    ]


def test_a_network_that_is_no_cidr_block_is_refused() -> None:
    assert problems(on_aws("west", cidr="10.10.0.1/16")) == [
        "cidr of cluster 'west' must be an IPv4 CIDR block (got '10.10.0.1/16': 10.10.0.1/16 has "
        "host bits set). Use: 10.10.0.0/16"
    ]


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/21"])
def test_a_network_too_large_or_too_small_is_refused(cidr: str) -> None:
    assert problems(on_aws("west", cidr=cidr)) == [
        f"cidr of cluster 'west' must be between /16 and /20 (got {cidr}). Three zones of subnets "
        "must fit in it. Use: 10.10.0.0/16"
    ]


def test_networks_that_overlap_are_refused() -> None:
    clusters = [on_aws("west"), on_aws("east", cidr="10.10.16.0/20")]

    assert problems(*clusters) == [
        "cidr of clusters 'west' and 'east' must not overlap (got 10.10.0.0/16 and 10.10.16.0/20). "
        "Nothing could be routed between them. Give one another block."
    ]


def test_an_eks_cluster_without_administrators_is_refused() -> None:
    assert problems(WEST, admins=[]) == [
        "admins must name at least one IAM principal (got none). Nobody is administrator of an EKS "
        'cluster by having made it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
    ]


def test_an_eks_cluster_that_nobody_reaches_is_refused() -> None:
    assert problems(WEST, operators=[]) == [
        "operators must name at least one CIDR block (got none). Nobody could reach the API "
        'servers of the EKS clusters. Use: operators=["<your address>/32"]'
    ]


def test_operators_that_are_no_cidr_block_are_refused() -> None:
    assert problems(WEST, operators=["office"]) == [
        "operators must be CIDR blocks (got 'office': 'office' does not appear to be an IPv4 or "
        "IPv6 network). Use: 198.51.100.10/32"
    ]


@pytest.mark.parametrize("block", ["0.0.0.0/0", "::/0"])
def test_the_whole_internet_as_operator_is_refused(block: str) -> None:
    assert problems(WEST, operators=[block]) == [
        f"operators must not be the whole internet (got {block}). Anybody could call the API "
        "servers. Use: 198.51.100.10/32"
    ]


@pytest.mark.parametrize("link", [LinkSpec("north", "west"), LinkSpec("west", "north")])
def test_a_link_of_an_unknown_cluster_is_refused(link: LinkSpec) -> None:
    assert problems(WEST, EAST, links=[link]) == [
        f"link {link} must join clusters of the environment (got 'north'). Known: east, west."
    ]


def test_a_link_of_a_cluster_to_itself_is_refused() -> None:
    assert problems(WEST, links=[LinkSpec("west", "west")]) == [
        "link west -> west must join two clusters (got one). A cluster calls its own services by "
        "their own names. Remove the link."
    ]


def test_a_link_to_a_cluster_that_nobody_can_reach_is_refused() -> None:
    assert problems(LOCAL, WEST, links=chain("west", "local")) == [
        "link west -> local must have a target that others can reach (got the kind cluster "
        "'local'). Its API server listens on the loopback address of one machine. Turn the link "
        "round, or make 'local' an EKS cluster."
    ]


def test_a_link_that_is_given_twice_is_refused() -> None:
    links = [*chain("local", "west"), *chain("local", "west")]

    assert problems(LOCAL, WEST, links=links) == [
        "link local -> west must be given once (got 2 times). Remove the others."
    ]


def test_an_export_of_an_unknown_cluster_is_refused() -> None:
    export = Export("api", namespace="shop", of="north")

    assert problems(WEST, EAST, exports=[export]) == [
        "export shop/api of 'north' must be of a cluster of the environment (got 'north'). Known: "
        "east, west."
    ]


@pytest.mark.parametrize(
    ("export", "sentence"),
    [
        (
            Export("API", namespace="shop", of="west"),
            "service of export shop/API of 'west' must be a DNS label (got 'API').",
        ),
        (
            Export("api", namespace="my_shop", of="west"),
            "namespace of export my_shop/api of 'west' must be a DNS label (got 'my_shop').",
        ),
    ],
    ids=["service", "namespace"],
)
def test_an_export_with_a_name_that_kubernetes_refuses_is_refused(
    export: Export, sentence: str
) -> None:
    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [sentence]


def test_an_export_whose_mirror_would_have_a_too_long_name_is_refused() -> None:
    service = "a" * 57 + "-" + "b"
    export = Export(service, namespace="shop", of="west")

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [
        f"export shop/{service} of 'west' must have a mirror name of at most 63 characters (got "
        f"64: {service}-west). Linkerd would not make the mirror. Shorten the service's name to 58 "
        f"characters, e.g. {'a' * 57}"
    ]


def test_an_export_to_sources_that_fit_in_no_label_is_refused() -> None:
    sources = [letter * 30 for letter in "abc"]
    clusters = [Kind(name) for name in (*sources, "other")]
    links = [LinkSpec(cluster.name, "west") for cluster in clusters]
    export = Export("api", namespace="shop", of="west", to=sources)

    assert problems(WEST, *clusters, links=links, exports=[export]) == [
        "export shop/api of 'west' must name sources that fit in a label of 63 characters (got 95: "
        f"to.{'.'.join(sources)}). Leave `to` out to offer it to every linked cluster."
    ]


def test_an_export_to_a_cluster_that_is_not_linked_is_refused() -> None:
    export = Export("api", namespace="shop", of="west", to=["local", "east"])

    assert problems(LOCAL, WEST, EAST, links=chain("local", "west"), exports=[export]) == [
        "export shop/api of 'west' must go to clusters that are linked to it (got 'east'). No "
        'mirror would ever appear there. Add the link: chain("east", "west")'
    ]


def test_an_export_that_nobody_could_call_is_refused() -> None:
    assert problems(WEST, exports=[EXPORT]) == [
        "export shop/api of 'west' must have a link that comes in (got none). Nobody could call "
        'it. Add one: chain("<source>", "west")'
    ]


def test_an_export_to_no_cluster_is_refused() -> None:
    export = Export("api", namespace="shop", of="west", to=[])

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [
        "export shop/api of 'west' must go to at least one cluster (got none). Remove the export, "
        "or name one."
    ]


def test_an_export_that_is_given_twice_is_refused() -> None:
    exports = [EXPORT, Export("api", namespace="shop", of="west", to=["local"])]

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=exports) == [
        "export shop/api of 'west' must be given once (got 2 times). Name all sources in one."
    ]


def test_two_mirrors_of_one_name_are_refused() -> None:
    clusters = [on_aws("b-c", block=1), on_aws("c", block=2)]
    exports = [
        Export("a", namespace="shop", of="b-c"),
        Export("a-b", namespace="shop", of="c"),
    ]
    links = [LinkSpec("local", "b-c"), LinkSpec("local", "c")]

    assert problems(LOCAL, *clusters, links=links, exports=exports) == [
        "services of namespace 'shop' on 'local' must have different names (got 'a-b-c' 2 times). "
        "One mirror would hide the other service. Rename a service or a cluster."
    ]


def test_a_mirror_with_the_name_of_an_exported_service_is_refused() -> None:
    exports = [
        Export("db", namespace="shop", of="east"),
        Export("db-east", namespace="shop", of="west"),
    ]

    assert problems(WEST, EAST, links=mesh("west", "east"), exports=exports) == [
        "services of namespace 'shop' on 'west' must have different names (got 'db-east' 2 times). "
        "One mirror would hide the other service. Rename a service or a cluster."
    ]


@pytest.mark.parametrize("tier", ["ui", "appserver", "database"])
def test_a_tier_on_an_unknown_cluster_is_refused(tier: str) -> None:
    placed = {"ui": "west", "appserver": "west", "database": "west", tier: "north"}

    found = problems(WEST, application=Yelb(**placed))

    assert found[0] == (
        f"{tier} of Yelb must be on a cluster of the environment (got 'north'). Known: west."
    )


def test_a_tier_whose_callers_have_no_mirror_of_it_is_refused() -> None:
    yelb = Yelb(ui="local", appserver="west", database="west")

    assert problems(LOCAL, WEST, links=chain("local", "west"), application=yelb) == [
        "Yelb must have its yelb-appserver exported from 'west' to 'local' (it is not). The caller "
        'could not reach it. Add: Export("yelb-appserver", namespace="yelb", of="west", '
        'to=["local"])'
    ]


def test_a_tier_that_is_exported_to_others_only_is_refused() -> None:
    yelb = Yelb(ui="west", appserver="west", database="east")
    export = Export("yelb-db", namespace="yelb", of="east", to=["local"])
    links = [*chain("local", "east"), *chain("west", "east")]

    [problem] = problems(LOCAL, WEST, EAST, links=links, exports=[export], application=yelb)
    assert problem.startswith("Yelb must have its yelb-db exported from 'east' to 'west'")


def test_tiers_on_one_cluster_need_no_exports() -> None:
    yelb = Yelb(ui="local", appserver="local", database="local")

    assert environment(LOCAL, application=yelb).application == yelb


def test_all_problems_are_told_at_once_in_the_order_of_the_description() -> None:
    found = problems(
        on_aws("West", nodes=1, cidr="10.0.0.0/8"),
        links=[LinkSpec("local", "West")],
        exports=[Export("api", namespace="shop", of="east")],
        application=Yelb(ui="local", appserver="West", database="West"),
        admins=[],
        operators=["0.0.0.0/0"],
    )

    assert [problem.split(" (got")[0].split(":")[0] for problem in found] == [
        "name of a cluster must be a DNS label of at most 30 characters",
        "cluster 'West' must have at least 3 nodes",
        "cidr of cluster 'West' must be between /16 and /20",
        "admins must name at least one IAM principal",
        "operators must not be the whole internet",
        "link local -> West must join clusters of the environment",
        "export shop/api of 'east' must be of a cluster of the environment",
        "ui of Yelb must be on a cluster of the environment",
        "Yelb must have its yelb-appserver exported from 'West' to 'local' (it is not). "
        "The caller could not reach it. Add",
    ]


def test_the_order_of_links_and_clusters_does_not_matter() -> None:
    links = mesh("west", "east")

    assert environment(WEST, EAST, links=links).names == ["west", "east"]
    assert environment(EAST, WEST, links=links[::-1]).names == ["east", "west"]
    assert isinstance(environment(EAST, WEST, links=links), Environment)
