"""
Bringing about what a Service wants in AWS, and clearing it away again.

The order is the controller's: own group, target groups, balancer, listeners, what is left over; and
the reverse. Whatever fails is tried again by the caller, and begins with what is there already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.balancers import balancer, hostnames, network, subnets, targets
from sandbox.balancers.account import Account
from sandbox.balancers.identity import Arguments
from sandbox.balancers.model import CLUSTER_TAG, Wanted, hostname, own_tags
from sandbox.balancers.subnets import Subnet


@dataclass(frozen=True, kw_only=True)
class Balanced:
    """What came of it."""

    hostname: str
    addresses: Sequence[str]


def choose_subnets(
    account: Account, arguments: Arguments, wanted: Wanted, there: balancer.Item | None
) -> list[Subnet]:
    """Choose the subnets: those of the balancer there is, or discovered ones."""
    known = network.subnets(account, arguments.vpc)
    if there is not None and there["Scheme"] == wanted.scheme:
        ids = {each["SubnetId"] for each in there["AvailabilityZones"]}
        return sorted((each for each in known if each.id in ids), key=lambda each: each.id)
    return subnets.discovered(known, wanted.scheme)


def bring_about(
    account: Account,
    arguments: Arguments,
    wanted: Wanted,
    there: balancer.Item | None,
    chosen: Sequence[Subnet],
    node_ports: set[int],
) -> Balanced:
    """Make or change everything that a Service wants."""
    vpc, ids = arguments.vpc, [each.id for each in chosen]
    backend = network.backend_group(account, arguments.cluster, vpc, arguments.tags)
    groups = [network.frontend_group(account, wanted, vpc), backend]
    target_groups = targets.keep(account, wanted, vpc)
    made = balancer.keep(account, wanted, there, ids, groups)
    balancer.keep_listeners(account, made, wanted, target_groups)
    network.open_nodes(account, arguments.cluster, vpc, backend, node_ports)
    for each in targets.find(account, own_tags(arguments.cluster, wanted.stack)):
        if each["TargetGroupArn"] not in target_groups.values():
            targets.remove(account, each, wanted.tags)
    name = _hostname(made, arguments)
    if there is not None and (old := _hostname(there, arguments)) != name:
        hostnames.forget(account.cloud.home, old)
    addresses = hostnames.keep(account.cloud.home, name, wanted.scheme, chosen)
    return Balanced(hostname=name, addresses=addresses)


def clear_away(
    account: Account, arguments: Arguments, stack: str, *, others: bool, node_ports: set[int]
) -> None:
    """Delete what a Service had; if there are no others, also what balancers share."""
    tags = own_tags(arguments.cluster, stack)
    found = balancer.find(account, tags)
    if found is not None:
        balancer.remove(account, found, tags)
        hostnames.forget(account.cloud.home, _hostname(found, arguments))
    for each in targets.find(account, tags):
        targets.remove(account, each, tags)
    for group in network.groups(account, arguments.vpc, tags):
        network.remove_group(account, group)
    shared = {CLUSTER_TAG: arguments.cluster, **network.BACKEND_TAGS}
    for backend in network.groups(account, arguments.vpc, shared):
        id = backend["GroupId"]
        network.open_nodes(account, arguments.cluster, arguments.vpc, id, node_ports)
        if not others:
            network.remove_group(account, backend)


def _hostname(found: balancer.Item, arguments: Arguments) -> str:
    return hostname(found["LoadBalancerName"], found["LoadBalancerArn"], arguments.region)
