"""What an environment is, from its description alone."""

from cli.plan import text
from stacks.environment import Export, Kind, chain
from tests.stacks.described import environment, on_aws


def test_clusters_links_and_mirrors_are_a_line_each() -> None:
    described = environment(
        Kind("local"),
        on_aws("west"),
        links=chain("local", "west"),
        exports=[Export("api", namespace="shop", of="west")],
    )

    assert text("demo", described).splitlines() == [
        "environment demo: 6 stacks",
        "",
        "clusters",
        "  local: kind, 3 workers",
        "  west: EKS in eu-west-1, 10.10.0.0/16",
        "",
        "links (source calls target)",
        "  local -> west",
        "",
        "mirror services",
        "  api-west.shop on local",
    ]


def test_an_environment_without_links_says_so() -> None:
    assert text("demo", environment(Kind("local"))).splitlines()[-5:] == [
        "links (source calls target)",
        "  none",
        "",
        "mirror services",
        "  none",
    ]
