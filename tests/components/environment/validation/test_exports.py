"""Exports: what is not valid because no cluster could call it, or its name would not fit."""

import pytest

from linkmesh.environment import (
    Existing,
    Export,
    Kind,
    LinkMode,
    LinkSpec,
    chain,
    mesh,
)
from tests.components.environment.described import EAST, LOCAL, WEST, on_aws, planned, problems

EXPORT = Export("api", namespace="shop", of="west")


def test_an_export_of_an_unknown_cluster_is_an_error() -> None:
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
            "service of export shop/API of 'west' must be a DNS label of at most 63 characters "
            "(got 'API'). Kubernetes has no such service. Use: yelb",
        ),
        (
            Export("api", namespace="my_shop", of="west"),
            "namespace of export my_shop/api of 'west' must be a DNS label of at most 63 "
            "characters (got 'my_shop'). Kubernetes has no such namespace. Use: yelb",
        ),
    ],
    ids=["service", "namespace"],
)
def test_an_export_with_a_name_that_kubernetes_rejects_is_an_error(
    export: Export, sentence: str
) -> None:
    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [sentence]


def test_an_export_to_sources_that_fit_in_no_label_is_an_error() -> None:
    sources = [letter * 30 for letter in "abc"]
    clusters = [Kind(name) for name in (*sources, "other")]
    links = [LinkSpec(cluster.name, "west") for cluster in clusters]
    export = Export("api", namespace="shop", of="west", to=sources)

    assert problems(WEST, *clusters, links=links, exports=[export]) == [
        "export shop/api of 'west': label of the chosen sources must have at most 63 characters "
        f"(got 95: to.{'.'.join(sources)}). Kubernetes would refuse it. Shorten the clusters' "
        "names, or leave `to` out to offer the service to every linked cluster."
    ]


def test_an_export_to_a_cluster_that_is_not_linked_is_an_error() -> None:
    export = Export("api", namespace="shop", of="west", to=["local", "east"])

    assert problems(LOCAL, WEST, EAST, links=chain("local", "west"), exports=[export]) == [
        "export shop/api of 'west' must go to clusters that are linked to it (got 'east'). No "
        'mirror would ever appear there. Add the link: chain("east", "west")'
    ]


def test_an_export_that_no_cluster_could_call_is_an_error() -> None:
    assert problems(WEST, exports=[EXPORT]) == [
        "export shop/api of 'west' must have a link that comes in (got none). No cluster could "
        'call it. Add one: chain("<source>", "west")'
    ]


def test_an_export_to_no_cluster_is_an_error() -> None:
    export = Export("api", namespace="shop", of="west", to=[])

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [
        "export shop/api of 'west' must go to at least one cluster (got none). Remove the export, "
        "or name one."
    ]


def test_an_export_that_is_given_twice_is_an_error() -> None:
    exports = [EXPORT, Export("api", namespace="shop", of="west", to=["local"])]

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=exports) == [
        "export shop/api of 'west' must be given once (got 2 times). Its label "
        "mirror.linkerd.io/exported has one value. Name all sources in one."
    ]


def test_a_service_that_moves_to_federated_is_exported_in_both_modes() -> None:
    exports = [
        Export("api", namespace="shop", of="west", mode=mode)
        for mode in (LinkMode.GATEWAY, LinkMode.FEDERATED)
    ]

    found = planned(WEST, EAST, links=chain("east", "west"), exports=exports).exports

    assert [each.described for each in found] == exports
    assert [each.name for each in found] == ["west-shop-api", "west-shop-api-federated"]


def test_two_modes_with_one_label_are_an_error() -> None:
    exports = [
        Export("api", namespace="shop", of="west", mode=mode)
        for mode in (LinkMode.GATEWAY, LinkMode.FLAT)
    ]

    assert problems(WEST, EAST, links=chain("east", "west"), exports=exports) == [
        "export shop/api of 'west' must be given once (got 2 times). Its label "
        "mirror.linkerd.io/exported has one value. Name all sources in one, in one mode: FEDERATED "
        "can go beside another."
    ]


@pytest.mark.parametrize("mode", [LinkMode.FLAT, LinkMode.FEDERATED])
def test_pods_of_headless_services_are_mirrored_through_the_gateway_only(mode: LinkMode) -> None:
    export = Export("db", namespace="shop", of="west", mode=mode, headless=True)

    assert problems(WEST, EAST, links=chain("east", "west"), exports=[export]) == [
        f"export shop/db of 'west' must go through the gateway (got mode {mode.value} and "
        "headless). Linkerd mirrors pods of headless services in that mode only. Use: "
        "mode=LinkMode.GATEWAY, or headless=False"
    ]


def test_two_mirrors_of_one_name_are_errors() -> None:
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


def test_a_mirror_with_the_name_of_an_exported_service_is_an_error() -> None:
    exports = [
        Export("db", namespace="shop", of="east"),
        Export("db-east", namespace="shop", of="west"),
    ]

    assert problems(WEST, EAST, links=mesh("west", "east"), exports=exports) == [
        "services of namespace 'shop' on 'west' must have different names (got 'db-east' 2 times). "
        "One mirror would hide the other service. Rename a service or a cluster."
    ]


@pytest.mark.parametrize("mode", [LinkMode.FLAT, LinkMode.FEDERATED])
def test_a_pod_to_pod_export_to_a_cluster_outside_of_aws_is_an_error(mode: LinkMode) -> None:
    export = Export("api", namespace="shop", of="west", mode=mode)

    assert problems(LOCAL, WEST, links=chain("local", "west"), exports=[export]) == [
        f"export shop/api of 'west' must go to clusters whose pods reach its pods in mode "
        f"{mode.value} (got 'local'). The networks of 'local' and 'west' are not joined. Use: "
        "mode=LinkMode.GATEWAY"
    ]


SITES = [Existing("lab"), Existing("plant")]


def test_a_pod_to_pod_export_between_existing_clusters_needs_a_flat_network() -> None:
    export = Export("api", namespace="shop", of="plant", mode=LinkMode.FLAT)

    assert problems(*SITES, links=chain("lab", "plant"), exports=[export]) == [
        "export shop/api of 'plant' must go to clusters whose pods reach its pods in mode flat "
        "(got 'lab'). The networks of 'lab' and 'plant' are not joined. Use: mode=LinkMode.GATEWAY,"
        ' or Existing("lab", flat_with=["plant"]) if they are on one flat network'
    ]


@pytest.mark.parametrize("names", [("lab", "plant"), ("plant", "lab")])
@pytest.mark.parametrize("mode", [LinkMode.FLAT, LinkMode.FEDERATED])
def test_one_of_two_clusters_says_that_their_network_is_flat(
    names: tuple[str, str], mode: LinkMode
) -> None:
    one, other = names
    export = Export("api", namespace="shop", of="plant", mode=mode)

    plan = planned(
        Existing(one, flat_with=[other]),
        Existing(other),
        links=chain("lab", "plant"),
        exports=[export],
    )

    assert plan.link("lab", "plant").modes == (mode,)
    assert plan.clusters["plant"].gateway is None


def test_a_federated_service_of_several_clusters_has_one_name_and_hides_nothing() -> None:
    exports = [
        Export("api", namespace="shop", of=name, mode=LinkMode.FEDERATED)
        for name in ("west", "east")
    ]

    found = planned(WEST, EAST, links=mesh("west", "east"), exports=exports).exports

    assert [export.described for export in found] == exports
