"""
List prices of AWS in USD, with their date and sources, as data.

On demand, without taxes, discounts, free tiers and savings plans. They are dated and not looked up,
so that a plan needs neither network nor account: a later price makes the estimate wrong, not the
plan. Each group says which of its prices were checked in AWS' own price list, or in a report that
quotes it, and which come from elsewhere or by analogy (not verified).
The price list itself: https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

READ_ON = "2026-11-23"

REGIONS = ("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "us-east-1", "us-west-2")


class Item(Enum):
    """Something that AWS charges for; the value is the unit of its price."""

    CONTROL_PLANE = "cluster-hour"
    CONTROL_PLANE_EXTENDED = "cluster-hour in extended support"
    DISK = "GiB-month of gp3"
    NAT = "NAT gateway-hour"
    NAT_DATA = "GiB through a NAT gateway"
    NLB = "load balancer-hour"
    NLB_CAPACITY = "NLCU-hour"
    PUBLIC_ADDRESS = "public IPv4 address-hour"
    ENDPOINT = "interface endpoint-hour in one zone"
    ENDPOINT_DATA = "GiB through an interface endpoint"
    PEERING_REGIONS = "GiB between regions"
    PEERING_ZONES = "GiB between zones"
    LOGS = "GiB of logs taken in"
    KEY = "key-month"


# The order of the prices is that of REGIONS; one price means all of them.
_PRICES: Mapping[Item, tuple[str, ...]] = {
    # Checked. Clusters here never enter extended support: their upgrade policy is STANDARD.
    # Source: https://aws.amazon.com/eks/pricing/
    Item.CONTROL_PLANE: ("0.10",),
    Item.CONTROL_PLANE_EXTENDED: ("0.60",),
    # Checked. Up to 3000 IOPS and 125 MiB/s are included.
    # Source: https://aws.amazon.com/ebs/pricing/
    Item.DISK: ("0.088", "0.0928", "0.0928", "0.0952", "0.08", "0.08"),
    # Checked but for eu-west-3 and us-west-2, which are not verified.
    # Source: https://aws.amazon.com/vpc/pricing/
    Item.NAT: ("0.048", "0.05", "0.05", "0.052", "0.045", "0.045"),
    Item.NAT_DATA: ("0.048", "0.05", "0.05", "0.052", "0.045", "0.045"),
    # Checked for us-east-1. The hours of eu-west-2 and eu-central-1 are those of application load
    # balancers, which cost the same where both are known; the other prices are not verified.
    # Source: https://aws.amazon.com/elasticloadbalancing/pricing/
    Item.NLB: ("0.0252", "0.02646", "0.02646", "0.027", "0.0225", "0.0225"),
    Item.NLB_CAPACITY: ("0.006", "0.0063", "0.0063", "0.006", "0.006", "0.006"),
    # Checked: the same everywhere.
    # Source: https://aws.amazon.com/vpc/pricing/ (public IPv4 addresses)
    Item.PUBLIC_ADDRESS: ("0.005",),
    # Checked for eu-west-1 and us-east-1; the others are not verified.
    # Source: https://aws.amazon.com/privatelink/pricing/
    Item.ENDPOINT: ("0.011", "0.011", "0.011", "0.012", "0.01", "0.01"),
    Item.ENDPOINT_DATA: ("0.01",),
    # Between regions the sender pays; not verified for each pair. Between zones each side pays
    # 0.01. Source: https://aws.amazon.com/ec2/pricing/on-demand/ (data transfer)
    Item.PEERING_REGIONS: ("0.02",),
    Item.PEERING_ZONES: ("0.02",),
    # Checked but for eu-west-3, which is not verified; the first 10 TB a month.
    # Source: https://aws.amazon.com/cloudwatch/pricing/
    Item.LOGS: ("0.57", "0.5985", "0.5985", "0.63", "0.50", "0.50"),
    # Checked: the same everywhere. Source: https://aws.amazon.com/kms/pricing/
    Item.KEY: ("1.00",),
}

# Linux, on demand, shared tenancy, a price an hour. Checked in a public copy of the price list; an
# xlarge is two large, a medium half of one.
# Source: https://aws.amazon.com/ec2/pricing/on-demand/; skypilot-org/skypilot-catalog,
# catalogs/v8/aws/vms.csv
_INSTANCES: Mapping[str, tuple[str, ...]] = {
    "t3.medium": ("0.0456", "0.0472", "0.0472", "0.048", "0.0416", "0.0416"),
    "t3.large": ("0.0912", "0.0944", "0.0944", "0.096", "0.0832", "0.0832"),
    "t3.xlarge": ("0.1824", "0.1888", "0.1888", "0.192", "0.1664", "0.1664"),
    "m6i.large": ("0.107", "0.111", "0.112", "0.115", "0.096", "0.096"),
    "m6i.xlarge": ("0.214", "0.222", "0.224", "0.23", "0.192", "0.192"),
    "m7g.large": ("0.091", "0.0944", "0.0952", "0.0978", "0.0816", "0.0816"),
    "m7i.large": ("0.11235", "0.11655", "0.1176", "0.12075", "0.1008", "0.1008"),
    "m7i.xlarge": ("0.2247", "0.2331", "0.2352", "0.2415", "0.2016", "0.2016"),
}

INSTANCE_TYPES = tuple(_INSTANCES)


def price(item: Item, region: str) -> Decimal | None:
    """Look up what one unit costs; None if the table does not know the region."""
    return _of_region(_PRICES[item], region)


def instance_price(instance_type: str, region: str) -> Decimal | None:
    """Look up what an hour of a node costs; None if the table does not know type or region."""
    return _of_region(_INSTANCES.get(instance_type, ()), region)


def _of_region(prices: tuple[str, ...], region: str) -> Decimal | None:
    if not prices or region not in REGIONS:
        return None
    return Decimal(prices[0] if len(prices) == 1 else prices[REGIONS.index(region)])
