"""All rules together: several problems at once, in the order of the description."""

from linkmesh.environment import Export, LinkSpec, Yelb, mesh
from tests.components.environment.described import EAST, WEST, on_aws, planned, problems


def test_all_problems_are_listed_at_once_in_the_order_of_the_description() -> None:
    found = problems(
        on_aws("West", nodes=1, cidr="10.0.0.0/8"),
        links=[LinkSpec("local", "West")],
        exports=[Export("api", namespace="shop", of="east")],
        application=Yelb(ui="local", appserver="West", database="West"),
        admins=[],
        operators=["0.0.0.0/0"],
    )

    assert [problem.split(" (got")[0].split(":")[0] for problem in found] == [
        "name of a cluster must be a DNS label",
        "cluster 'West'",
        "cidr of cluster 'West' must be between /16 and /20",
        "admins must name at least one IAM principal",
        "operators must not be the whole internet",
        "link local -> West must join clusters of the environment",
        "export shop/api of 'east' must be of a cluster of the environment",
        "ui of Yelb must be on a cluster of the environment",
    ]


def test_the_order_of_links_and_clusters_does_not_matter() -> None:
    links = mesh("west", "east")

    assert planned(WEST, EAST, links=links).names == ["west", "east"]
    assert planned(EAST, WEST, links=links[::-1]).names == ["east", "west"]
