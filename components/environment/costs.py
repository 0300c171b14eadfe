"""
What an environment costs a month, from its plan and a dated table of prices.

An estimate, for choosing: what runs by the hour is exact, volumes are assumed and stated. A kind
cluster costs nothing. Where the table has no price the line says so, and the total is "at least".
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..subnets import ZONE_COUNT
from .clusters import Eks
from .plan import ClusterPlan, LinkPlan, Plan
from .prices import READ_ON, Item, instance_price, price

# AWS' own month, of a year's 8760 hours. Source: https://calculator.aws/
HOURS = 730

# Volumes of a small cluster, a month: stated, not measured.
LOGS_GIB = 10  # five kinds of logs of the API server; audit is most of it
FLOW_LOGS_GIB = 5  # a record for each connection and ten minutes
OUTWARD_GIB = 20  # images that are not in S3, and calls of AWS' services

WITHOUT = (
    "An estimate; without taxes, data to the internet, traffic between the zones of one cluster,",
    "the storage of logs, and what applications add.",
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One cost."""

    of: str
    """The cluster, or the link, that it belongs to."""

    what: str
    """What it is, in words."""

    quantity: Decimal
    """How many units a month."""

    unit: str
    """What is counted."""

    unit_price: Decimal | None
    """USD for one unit; None if the table has no price."""

    @property
    def monthly(self) -> Decimal | None:
        """USD a month, to the cent; None if there is no price."""
        if self.unit_price is None:
            return None
        return (self.quantity * self.unit_price).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What an environment costs a month."""

    lines: tuple[Line, ...]
    """Each cost, cluster by cluster and then link by link."""

    traffic_gib: Decimal
    """What each link carries a month, in GiB, both directions together."""

    @property
    def total(self) -> Decimal:
        """USD a month of all lines that have a price."""
        return sum((line.monthly or Decimal() for line in self.lines), Decimal("0.00"))

    @property
    def is_complete(self) -> bool:
        """Whether every line has a price."""
        return all(line.unit_price is not None for line in self.lines)


def estimate(plan: Plan, traffic_gib: float = 100) -> Estimate:
    """
    Estimate what an environment costs a month.

    Args:
        traffic_gib: what each link carries a month, in GiB, both directions together.

    Raises:
        ValueError: if the traffic is no amount.
    """
    if not (math.isfinite(traffic_gib) and traffic_gib >= 0):
        raise ValueError(
            f"traffic must be a number of GiB, 0 or more (got {traffic_gib}). Nothing could be "
            "computed with it. Use: 100"
        )
    traffic = Decimal(str(traffic_gib)).normalize()
    lines: list[Line] = []
    for cluster in plan.clusters.values():
        described = cluster.described
        if isinstance(described, Eks):
            lines += _cluster(described)
            lines += _ways_out(plan, cluster, described, traffic)
            lines += _gateway(cluster, described, traffic)
    for link in plan.links:
        lines += _peering(plan, link, traffic)
    return Estimate(lines=tuple(lines), traffic_gib=traffic)


def _line(cluster: Eks, what: str, item: Item, quantity: int | Decimal) -> Line:
    return Line(
        of=cluster.name,
        what=what,
        quantity=Decimal(quantity),
        unit=item.value,
        unit_price=price(item, cluster.region),
    )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _cluster(cluster: Eks) -> Iterator[Line]:
    """List what a cluster costs without its links."""
    nodes, kind = cluster.nodes, cluster.instance_types[0]
    yield _line(cluster, "control plane", Item.CONTROL_PLANE, HOURS)
    yield Line(
        of=cluster.name,
        what=f"{nodes} nodes {kind}",
        quantity=Decimal(nodes * HOURS),
        unit="node-hour",
        unit_price=instance_price(kind, cluster.region),
    )
    yield _line(cluster, f"{nodes} disks of {cluster.disk_gib} GiB", Item.DISK, _disks(cluster))
    yield _line(cluster, "key of secrets", Item.KEY, 1)
    yield _line(cluster, "logs of the API server", Item.LOGS, LOGS_GIB)
    if cluster.flow_log_retention_days is not None:
        yield _line(cluster, "flow logs", Item.LOGS, FLOW_LOGS_GIB)


def _disks(cluster: Eks) -> int:
    return cluster.nodes * cluster.disk_gib


def _ways_out(plan: Plan, planned: ClusterPlan, cluster: Eks, traffic: Decimal) -> Iterator[Line]:
    """List what a cluster costs to call others: NAT gateways, or interface endpoints instead."""
    if services := len(cluster.nat.private_services):
        hours = services * ZONE_COUNT * HOURS
        yield _line(cluster, _counted(services, "interface endpoint"), Item.ENDPOINT, hours)
        yield _line(cluster, "data through endpoints", Item.ENDPOINT_DATA, OUTWARD_GIB)
        return
    gateways = cluster.nat.gateways
    outward = sum(_by_internet(plan, link) for link in planned.outbound)
    yield _line(cluster, _counted(gateways, "NAT gateway"), Item.NAT, gateways * HOURS)
    yield _line(cluster, "data through NAT", Item.NAT_DATA, OUTWARD_GIB + outward * traffic)
    yield _line(cluster, "addresses of NAT", Item.PUBLIC_ADDRESS, gateways * HOURS)


def _gateway(planned: ClusterPlan, cluster: Eks, traffic: Decimal) -> Iterator[Line]:
    """List what a cluster costs to be called: a load balancer, which faces the internet or not."""
    if not planned.inbound:
        return
    # One unit takes 1 GB an hour of TCP; at our rates, bytes decide before connections do.
    # Source: https://aws.amazon.com/elasticloadbalancing/pricing/
    carried = traffic * sum(link.uses_gateway for link in planned.inbound)
    yield _line(cluster, "gateway's load balancer", Item.NLB, HOURS)
    yield _line(cluster, "capacity of the load balancer", Item.NLB_CAPACITY, carried)
    if planned.gateway_is_public:
        addresses = ZONE_COUNT * HOURS
        yield _line(cluster, "addresses of the load balancer", Item.PUBLIC_ADDRESS, addresses)


def _peering(plan: Plan, link: LinkPlan, traffic: Decimal) -> Iterator[Line]:
    """List what a link costs that goes over a peering."""
    source, target = (plan.clusters[name].described for name in link.described)
    if not (isinstance(source, Eks) and isinstance(target, Eks)) or _by_internet(plan, link):
        return
    item = Item.PEERING_ZONES if source.region == target.region else Item.PEERING_REGIONS
    prices = [price(item, cluster.region) for cluster in (source, target)]
    # Which side sends more is not known, so the higher price counts.
    higher = None if None in prices else max(known for known in prices if known is not None)
    yield Line(of=str(link), what="peering", quantity=traffic, unit=item.value, unit_price=higher)


def _by_internet(plan: Plan, link: LinkPlan) -> bool:
    """Return whether a link goes to a gateway that faces the internet, and not over a peering."""
    return plan.clusters[link.target].gateway_is_public and link.uses_gateway


def table(estimate: Estimate) -> list[str]:
    """Write an estimate as lines of text: each cost, the total, and its assumptions."""
    rows = [(line.of, line.what, _quantity(line), _usd(line.monthly)) for line in estimate.lines]
    least = "" if estimate.is_complete else "at least"
    rows.append(("total", "", least, _usd(estimate.total)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        *(
            f"  {of:<{widths[0]}}  {what:<{widths[1]}}  {quantity:>{widths[2]}}  {usd:>{widths[3]}}"
            for of, what, quantity, usd in rows
        ),
        f"  USD a month of {HOURS} hours, list prices of {READ_ON}, "
        f"{estimate.traffic_gib:f} GiB a month on each link.",
        *(f"  {line}" for line in WITHOUT),
    ]


def _quantity(line: Line) -> str:
    each = "no price" if line.unit_price is None else f"{line.unit_price:f}"
    return f"{line.quantity:f} x {each}"


def _usd(amount: Decimal | None) -> str:
    return "?" if amount is None else f"{amount:.2f}"
