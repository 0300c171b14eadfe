"""The table of prices: what it knows, where, and what it says of what it does not know."""

import datetime
from decimal import Decimal

import pytest

from linkmesh.environment.prices import (
    INSTANCE_TYPES,
    READ_ON,
    REGIONS,
    Item,
    instance_price,
    price,
)


def test_the_table_has_a_date() -> None:
    assert datetime.date.fromisoformat(READ_ON) >= datetime.date(2026, 11, 23)


@pytest.mark.parametrize("item", Item)
def test_everything_has_a_price_in_every_region_of_the_table(item: Item) -> None:
    prices = [price(item, region) for region in REGIONS]

    assert all(isinstance(known, Decimal) and known > 0 for known in prices)


@pytest.mark.parametrize("instance_type", INSTANCE_TYPES)
def test_every_instance_type_has_a_price_in_every_region_of_the_table(instance_type: str) -> None:
    prices = [instance_price(instance_type, region) for region in REGIONS]

    assert all(isinstance(known, Decimal) and known > 0 for known in prices)


@pytest.mark.parametrize("family", ["t3", "m6i", "m7i"])
@pytest.mark.parametrize("region", REGIONS)
def test_an_xlarge_costs_as_much_as_two_large(family: str, region: str) -> None:
    large, xlarge = (instance_price(f"{family}.{size}", region) for size in ("large", "xlarge"))

    assert large is not None
    assert xlarge == 2 * large


def test_prices_that_were_read_in_the_price_list_of_london_are_those() -> None:
    london = {item: price(item, "eu-west-2") for item in Item}

    assert london[Item.CONTROL_PLANE] == Decimal("0.10")
    assert london[Item.DISK] == Decimal("0.0928")
    assert london[Item.NAT] == london[Item.NAT_DATA] == Decimal("0.05")
    assert london[Item.PUBLIC_ADDRESS] == Decimal("0.005")
    assert london[Item.LOGS] == Decimal("0.5985")
    assert instance_price("t3.medium", "eu-west-2") == Decimal("0.0472")


def test_extended_support_costs_six_times_as_much() -> None:
    for region in REGIONS:
        standard = price(Item.CONTROL_PLANE, region)

        assert standard is not None
        assert price(Item.CONTROL_PLANE_EXTENDED, region) == 6 * standard


def test_what_the_table_does_not_know_has_no_price() -> None:
    assert price(Item.NAT, "sa-east-1") is None
    assert price(Item.CONTROL_PLANE, "sa-east-1") is None
    assert instance_price("t3.large", "sa-east-1") is None
    assert instance_price("x9.huge", "eu-west-1") is None
