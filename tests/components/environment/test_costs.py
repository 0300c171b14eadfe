"""What an environment costs: against a sheet reckoned by hand, and what is not known."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from linkmesh.environment import Export, Kind, LinkMode, NatGateways, Plan, chain, mesh
from linkmesh.environment.costs import Estimate, estimate, table
from linkmesh.stacks import load
from tests.components.environment.described import on_aws, planned, plans

SMALL: dict[str, Any] = {
    "nodes": 3,
    "instance_types": ["t3.large"],
    "disk_gib": 30,
    "nat": NatGateways.SINGLE,
}

# Of the cluster or link: what, how many a month, USD for one, USD a month. By hand, with the prices
# of Ireland and Paris, for three clusters in a chain, the first of them on a laptop.
SHEET = [
    ("west", "control plane", 730, "0.10", "73.00"),
    ("west", "3 nodes t3.large", 3 * 730, "0.0912", "199.73"),  # 199.728
    ("west", "3 disks of 30 GiB", 3 * 30, "0.088", "7.92"),
    ("west", "key of secrets", 1, "1.00", "1.00"),
    ("west", "logs of the API server", 10, "0.57", "5.70"),
    ("west", "1 NAT gateway", 730, "0.048", "35.04"),
    ("west", "data through NAT", 20, "0.048", "0.96"),
    ("west", "addresses of NAT", 730, "0.005", "3.65"),
    ("west", "gateway's load balancer", 730, "0.0252", "18.40"),  # 18.396
    ("west", "capacity of the load balancer", 100, "0.006", "0.60"),
    ("west", "addresses of the load balancer", 3 * 730, "0.005", "10.95"),  # local calls it
    ("east", "control plane", 730, "0.10", "73.00"),
    ("east", "3 nodes t3.large", 3 * 730, "0.0944", "206.74"),  # 206.736
    ("east", "3 disks of 30 GiB", 3 * 30, "0.0928", "8.35"),  # 8.352
    ("east", "key of secrets", 1, "1.00", "1.00"),
    ("east", "logs of the API server", 10, "0.5985", "5.99"),  # 5.985
    ("east", "1 NAT gateway", 730, "0.05", "36.50"),
    ("east", "data through NAT", 20, "0.05", "1.00"),
    ("east", "addresses of NAT", 730, "0.005", "3.65"),
    ("east", "gateway's load balancer", 730, "0.02646", "19.32"),  # 19.3158; west calls: internal
    ("east", "capacity of the load balancer", 100, "0.0063", "0.63"),
    ("west -> east", "peering", 100, "0.02", "2.00"),
]
TOTAL = "715.13"  # west 356.95 + east 356.18 + link 2.00


def three_clusters() -> Plan:
    """Describe a chain of a kind cluster, Ireland and Paris."""
    return planned(
        Kind("local"),
        on_aws("west", block=10, **SMALL),
        on_aws("east", block=20, region="eu-west-3", **SMALL),
        links=chain("local", "west", "east"),
    )


def amounts(found: Estimate, of: str) -> dict[str, Decimal]:
    """Return the quantity of each line of one cluster or link."""
    return {line.what: line.quantity for line in found.lines if line.of == of}


def test_three_clusters_cost_as_much_as_calculated_by_hand() -> None:
    found = estimate(three_clusters())

    assert [
        (line.of, line.what, line.quantity, line.unit_price, line.monthly) for line in found.lines
    ] == [
        (of, what, Decimal(quantity), Decimal(each), Decimal(usd))
        for of, what, quantity, each, usd in SHEET
    ]
    assert found.total == Decimal(TOTAL)
    assert found.is_complete


def test_the_sheet_itself_adds_up() -> None:
    exact = sum(quantity * Decimal(each) for _, _, quantity, each, _ in SHEET)

    assert sum(Decimal(usd) for *_, usd in SHEET) == Decimal(TOTAL)
    assert abs(exact - Decimal(TOTAL)) < Decimal("0.05")


def test_kind_clusters_cost_nothing() -> None:
    found = estimate(planned(Kind("local"), Kind("other")))

    assert found.lines == ()
    assert found.total == 0


def test_a_cluster_without_sources_has_no_load_balancer() -> None:
    found = estimate(planned(on_aws("west")))

    assert not [line for line in found.lines if "load balancer" in line.what]


def test_traffic_to_a_public_gateway_goes_through_nat_and_over_no_peering() -> None:
    west, east = on_aws("west", block=10), on_aws("east", block=20)
    links = [*chain("west", "east"), *chain("local", "east")]
    found = estimate(planned(Kind("local"), west, east, links=links), 50)

    assert amounts(found, "west")["data through NAT"] == 20 + 50
    assert amounts(found, "west -> east") == {}
    assert amounts(found, "east")["capacity of the load balancer"] == 2 * 50
    assert amounts(found, "east")["addresses of the load balancer"] == 3 * 730


def test_each_direction_of_a_pair_carries_its_own_traffic_over_the_peering() -> None:
    west, east = on_aws("west", block=10), on_aws("east", block=20)
    found = estimate(planned(west, east, links=mesh("west", "east")), 50)

    assert amounts(found, "west -> east") == amounts(found, "east -> west") == {"peering": 50}
    assert {line.unit for line in found.lines if line.what == "peering"} == {"GiB between zones"}


def test_flat_traffic_passes_no_load_balancer() -> None:
    west, east = on_aws("west", block=10), on_aws("east", block=20)
    export = Export("db", namespace="shop", of="east", mode=LinkMode.FLAT)
    links = chain("west", "east")
    found = estimate(planned(west, east, links=links, exports=[export]), 50)

    assert amounts(found, "east")["capacity of the load balancer"] == 0
    assert amounts(found, "west -> east") == {"peering": 50}


def test_what_is_partly_flat_is_reckoned_as_if_all_passed_the_gateway() -> None:
    west, east = on_aws("west", block=10), on_aws("east", block=20)
    exports = [
        Export("db", namespace="shop", of="east", mode=LinkMode.FLAT),
        Export("api", namespace="shop", of="east"),
    ]
    found = estimate(planned(west, east, links=chain("west", "east"), exports=exports), 50)

    assert amounts(found, "east")["capacity of the load balancer"] == 50


def test_a_network_without_nat_pays_for_endpoints_in_every_zone() -> None:
    found = amounts(estimate(planned(on_aws("west", nat=NatGateways.NONE))), "west")

    assert found["8 interface endpoints"] == 8 * 3 * 730
    assert found["data through endpoints"] == 20
    assert not [what for what in found if "NAT" in what]


def test_a_nat_gateway_in_every_zone_costs_three_times_one() -> None:
    one, three = (
        amounts(estimate(planned(on_aws("west", nat=nat))), "west")
        for nat in (NatGateways.SINGLE, NatGateways.ONE_PER_AZ)
    )

    assert three["3 NAT gateways"] == 3 * one["1 NAT gateway"]
    assert three["addresses of NAT"] == 3 * one["addresses of NAT"]


def test_flow_logs_cost_only_if_they_are_stored() -> None:
    without, stored = (
        amounts(estimate(planned(on_aws("west", flow_log_retention_days=days))), "west")
        for days in (None, 90)
    )

    assert "flow logs" not in without
    assert stored["flow logs"] == 5


def test_more_traffic_never_costs_less() -> None:
    totals = [estimate(three_clusters(), gib).total for gib in (0, 1, 100, 10_000)]

    assert totals == sorted(totals)
    assert totals[0] < totals[-1]


@pytest.mark.parametrize("gib", [-1, float("nan"), float("inf")])
def test_traffic_that_is_no_amount_is_an_error(gib: float) -> None:
    with pytest.raises(ValueError, match="traffic") as error:
        estimate(three_clusters(), gib)

    assert str(error.value) == (
        f"traffic must be a number of GiB, 0 or more (got {gib}). Nothing could be computed with "
        "it. Use: 100"
    )


def test_what_has_no_price_is_said_and_the_total_is_at_least() -> None:
    unknown = on_aws("west", instance_types=["x9.large"])
    known = estimate(planned(on_aws("west")))
    found = estimate(planned(unknown))

    assert [line.what for line in found.lines if line.monthly is None] == ["3 nodes x9.large"]
    assert not found.is_complete
    assert found.total == known.total - next(
        line.monthly for line in known.lines if "nodes" in line.what and line.monthly
    )
    assert "2190 x no price" in table(found)[1]
    assert table(found)[1].endswith(" ?")
    assert "at least" in next(line for line in table(found) if "total" in line)


def test_a_region_without_prices_is_no_reason_to_fail() -> None:
    west, east = on_aws("west", block=10), on_aws("east", block=20, region="sa-east-1")
    found = estimate(planned(west, east, links=chain("west", "east")))

    assert {line.of for line in found.lines if line.monthly is None} == {"east", "west -> east"}
    assert found.total == estimate(planned(west)).total


@given(plans())
def test_every_environment_can_be_estimated_and_its_lines_add_up(drawn: Plan) -> None:
    found = estimate(drawn)

    assert found.total == sum(line.monthly for line in found.lines if line.monthly is not None)
    assert {line.of for line in found.lines} >= {cluster.name for cluster in drawn.eks}
    assert len({(line.of, line.what) for line in found.lines}) == len(found.lines)


@pytest.mark.parametrize("name", ["demo", "prod"])
def test_everything_of_our_own_environments_has_a_price(name: str) -> None:
    assert estimate(load(name)).is_complete


def test_the_table_is_right_aligned_and_shows_its_date_and_traffic() -> None:
    lines = table(estimate(three_clusters()))

    assert lines[0] == ("  west          control plane                      730 x 0.10   73.00")
    assert lines[22] == ("  total                                                        715.13")
    assert len({len(line) for line in lines[:23]}) == 1
    assert lines[23:] == [
        "  USD a month of 730 hours, list prices of 2026-11-23, 100 GiB a month on each link.",
        "  An estimate; without taxes, data to the internet, traffic between the zones of one "
        "cluster,",
        "  the storage of logs, and what applications add.",
    ]


def test_an_environment_that_costs_nothing_has_a_short_table() -> None:
    assert table(estimate(planned(Kind("local"))))[0] == "  total      0.00"


def test_only_clusters_on_aws_are_asked_for_their_region() -> None:
    described = three_clusters()

    assert [cluster.name for cluster in described.eks] == ["west", "east"]
    assert "local" not in {line.of for line in estimate(described).lines}
