"""The output of `mesh plan`, and that it takes little work."""

import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from linkmesh.cli.plan.render import text
from linkmesh.environment import Export, Kind, LinkSpec, NatGateways, chain, hub, mesh
from tests.components.environment.described import on_aws, planned
from tests.project import PROJECT

# Only stacks need them: the SDKs' large modules, the clients of clusters, the cleanup.
HEAVY = (
    "linkmesh.linkerd.installation.control_plane",
    "linkmesh.linkerd.links.cleanup",
    "cryptography",
    "lightkube",
    "pulumi_aws",
    "pulumi_kubernetes.core.v1",
)


def test_clusters_links_exports_and_calls_are_a_line_each() -> None:
    described = planned(
        Kind("local"),
        on_aws("west"),
        links=chain("local", "west"),
        exports=[Export("api", namespace="shop", of="west")],
    )

    assert text("demo", described).splitlines()[:15] == [
        "environment demo: 6 stacks",
        "",
        "clusters",
        "  local: kind, 3 workers",
        "  west: EKS 1.35 in eu-west-1, 10.10.0.0/16, 3 x m7i.large with 50 GiB, AL2023, "
        "NAT per zone, not protected",
        "",
        "links (source calls target)",
        "  local -> west: gateway",
        "",
        "exports",
        "  api.shop of west: to every linked cluster, gateway",
        "",
        "who can call what",
        "  local can call api.shop of west: as api-west.shop",
        "",
    ]


def test_an_environment_without_links_has_no_section_about_them() -> None:
    output = text("demo", planned(Kind("local")))

    assert "links" not in output
    assert "who can call what" not in output


def test_advice_is_shown() -> None:
    output = text("mine", planned(on_aws("west")))

    assert "to check\n  cluster 'west' in eu-west-1 is in environment 'demo' too" in output


def test_the_output_ends_with_the_costs() -> None:
    lines = text("demo", planned(on_aws("west"))).splitlines()

    assert "costs" in lines
    assert any("control plane" in line and "73.00" in line for line in lines)


def calls(act: Callable[[], object]) -> int:
    """Count the calls of Python functions, a measure that is the same on every machine."""
    count = 0

    def count_calls(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(count_calls)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def network(index: int) -> str:
    """Return one of 4,096 networks that do not overlap."""
    return f"10.{index // 16}.{index % 16 * 16}.0/20"


def text_of(topology: Callable[..., list[LinkSpec]], clusters: int) -> str:
    """Describe clusters that all export a service, and plan them."""
    names = [f"c{index}" for index in range(clusters)]
    links = topology(*names)
    described = planned(
        *(
            on_aws(name, cidr=network(index), nat=NatGateways.SINGLE)
            for index, name in enumerate(names)
        ),
        links=links,
        exports=[
            Export("api", namespace="shop", of=target)
            for target in dict.fromkeys(link.target for link in links)
        ],
    )
    return text("many", described)


@pytest.mark.parametrize(("few", "many"), [(50, 100), (100, 200)])
def test_work_grows_with_the_clusters_of_a_chain_and_not_with_their_square(
    few: int, many: int
) -> None:
    text_of(chain, 2)  # so that one-time work is not counted

    ratio = calls(lambda: text_of(chain, many)) / calls(lambda: text_of(chain, few))

    assert ratio < 2.2


def test_work_grows_with_the_links_of_a_mesh() -> None:
    text_of(mesh, 2)

    ratio = calls(lambda: text_of(mesh, 20)) / calls(lambda: text_of(mesh, 10))

    assert ratio < 1.2 * 380 / 90


def hubs(*names: str) -> list[LinkSpec]:
    """Link hubs in a chain, each with nine spokes that it calls."""
    groups = [names[place : place + 10] for place in range(0, len(names), 10)]
    spokes = [link for centre, *rest in groups for link in hub(centre, spokes=rest)]
    return [*chain(*(group[0] for group in groups)), *spokes]


def test_work_grows_with_the_clusters_of_many_hubs_and_not_with_their_square() -> None:
    text_of(hubs, 20)

    ratio = calls(lambda: text_of(hubs, 500)) / calls(lambda: text_of(hubs, 250))

    # With half the clusters a square shows half as much, so the limit is half as far from 2.
    assert ratio < 2.1


def test_planning_loads_none_of_what_only_stacks_need() -> None:
    program = (
        "import sys; from linkmesh.cli import __main__ as cli; "
        "cli.text('demo', cli.load_plan('demo')); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
