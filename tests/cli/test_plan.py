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

    assert text("demo", described).splitlines()[:16] == [
        "environment demo: 6 stacks",
        "",
        "clusters",
        "  local: kind, 3 workers",
        "  west: EKS 1.35 in eu-west-1, 10.10.0.0/16, 3 x m7i.large",
        "",
        "links (source calls target)",
        "  local -> west",
        "",
        "mirror services",
        "  api-west.shop on local",
        "",
        "who may reach what on AWS",
        "  west: API server 443 from 198.51.100.10/32",
        "  west: gateway, internet-facing 4143, 4191 from 198.51.100.10/32",
        "",
    ]


def test_an_environment_without_links_says_so() -> None:
    assert text("demo", environment(Kind("local"))).splitlines()[5:14] == [
        "links (source calls target)",
        "  none",
        "",
        "mirror services",
        "  none",
        "",
        "who may reach what on AWS",
        "  none",
        "",
    ]


def test_it_ends_with_what_the_environment_costs() -> None:
    lines = text("demo", environment(on_aws("west"))).splitlines()

    assert "costs" in lines
    assert any("control plane" in line and "73.00" in line for line in lines)
