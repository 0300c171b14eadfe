"""Mermaid flowcharts: clusters, links, and their changes."""

from linkmesh.cli.diagram.mermaid import NAMES_ON_ARROW, names_on_arrow, of_change, of_environment
from linkmesh.environment import Existing, Export, Kind, LinkMode, Plan, chain
from tests.components.environment.described import on_aws, planned


def test_an_environment_is_drawn_with_what_is_called() -> None:
    described = planned(
        Kind("end"),
        on_aws("west"),
        Existing("site"),
        links=chain("end", "west"),
        exports=[Export("api", namespace="shop", of="west")],
    )

    assert of_environment(described) == [
        "flowchart LR",
        '  c0["end<br/>kind"]',
        '  c1["west<br/>EKS, eu-west-1"]',
        '  c2["site<br/>exists"]',
        '  c0 -->|"api"| c1',
    ]


def test_a_change_is_drawn_with_additions_removals_and_changes() -> None:
    before = planned(
        on_aws("a", block=1), on_aws("b", block=2), links=chain("a", "b", both_ways=True)
    )
    after = planned(
        on_aws("b", block=3), on_aws("c", block=4), links=chain("c", "b", both_ways=True)
    )

    lines = of_change(before, after)

    assert lines[1:4] == [
        '  c0["a<br/>EKS, eu-west-1"]:::removed',
        '  c1["b<br/>EKS, eu-west-1"]:::changed',
        '  c2["c<br/>EKS, eu-west-1"]:::added',
    ]
    assert "  c0 -.-> c1" in lines
    assert "  c2 --> c1" in lines
    assert "  linkStyle 0,1 stroke:#cf222e,stroke-width:3px" in lines
    assert "  linkStyle 2,3 stroke:#1a7f37,stroke-width:3px" in lines


def test_an_arrow_names_what_its_source_newly_calls() -> None:
    def exporting(*services: str) -> list[str]:
        before = [Export("api", namespace="shop", of="west")]
        after = [Export(service, namespace="shop", of="west") for service in services]
        clusters, links = (Kind("local"), on_aws("west")), chain("local", "west")
        return of_change(
            planned(*clusters, links=links, exports=before),
            planned(*clusters, links=links, exports=after),
        )

    assert '  c0 -->|"+ db"| c1' in exporting("api", "db")
    assert '  c0 -->|"- api, + db"| c1' in exporting("db")


def test_an_arrow_changes_with_the_mode() -> None:
    def in_mode(mode: LinkMode) -> Plan:
        return planned(
            on_aws("a", block=1),
            on_aws("b", block=2),
            links=chain("a", "b"),
            exports=[Export("api", namespace="shop", of="b", mode=mode)],
        )

    lines = of_change(in_mode(LinkMode.GATEWAY), in_mode(LinkMode.FLAT))

    assert '  c0 -->|"api"| c1' in lines
    assert "  linkStyle 0 stroke:#9a6700,stroke-width:3px" in lines


def test_many_names_are_counted() -> None:
    assert names_on_arrow(["c", "b", "a", "e", "d"]) == "a, b, c and 2 more"
    assert NAMES_ON_ARROW == 3
