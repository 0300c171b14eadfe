"""Environments of any size for the page, healthy but for what a test names."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from linkmesh.cli.mirrors.waiting import expected
from linkmesh.cli.status.evaluate import Evaluation, Report, State
from linkmesh.cli.status.faults import Fault, Finding
from linkmesh.cli.status.observations import (
    Certificate,
    Gateway,
    ObservedCluster,
    ObservedEnvironment,
    ObservedExport,
    Workload,
)
from linkmesh.cli.view.content import Content
from linkmesh.environment import Eks, Export, LinkSpec, NatGateways, Plan, chain, hub, mesh
from tests.components.environment.described import planned

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def names(count: int) -> list[str]:
    """Name clusters; some have long names."""
    places = ("frankfurt", "ireland", "paris", "stockholm", "us-east-production", "tokyo")
    return [f"{places[index % len(places)]}-{index}" for index in range(count)]


def described(count: int, shape: str = "mesh") -> Plan:
    """Describe clusters in full mesh, as a chain or as a hub, each with a service."""
    known = names(count)
    links = {
        "mesh": mesh(*known),
        "chain": chain(*known),
        "hub": hub(known[0], spokes=known[1:], both_ways=True),
    }[shape]
    clusters = [
        Eks(name, region="eu-west-1", cidr=f"10.{index}.0.0/16", nat=NatGateways.SINGLE)
        for index, name in enumerate(known)
    ]
    targets = dict.fromkeys(link.target for link in links)
    exports = [Export("orders", namespace="shop", of=target) for target in targets]
    return planned(*clusters, links=links, exports=exports)


def finding(link: LinkSpec) -> Finding:
    """Return a fault of a link."""
    return Finding(
        fault=Fault.CREDENTIALS_REJECTED,
        subject=str(link),
        cause="the target rejects the token (401)",
        remedy="mesh up shop",
    )


def observed(plan: Plan, *, failed: Collection[LinkSpec] = (), unknown: str = "") -> Report:
    """Report an environment with failed links, and at most one cluster that was not read."""
    clusters = {
        name: ObservedCluster(
            name=name,
            kubernetes="1.35.4",
            linkerd="edge-26.6.3",
            workloads={
                ("linkerd-multicluster", "linkerd-gateway"): Workload(desired=3, available=3)
            },
            certificates=[
                Certificate(name="anchor", expires=AT + timedelta(days=3650)),
                Certificate(name="issuer", expires=AT + timedelta(days=364)),
            ],
            gateway=Gateway(balanced=True, addresses=[f"{name}.elb.eu-west-1.amazonaws.com"]),
        )
        for name in plan.names
    }
    exports = []
    for one in expected(plan):
        link = LinkSpec(one.export.source, one.export.target)
        state = State.FAULTY if link in failed else State.OK
        caused = str(link) if link in failed else ""
        evaluation = Evaluation(subject=str(one), state=state, caused_by=caused)
        exports.append((ObservedExport(expected=one, observation=None), evaluation))
    return Report(
        name="shop",
        observed=ObservedEnvironment(clusters=clusters, answers={}, exports=[], at=AT),
        links={link: _link(link, failed, unknown) for link in plan.environment.links},
        exports=exports,
        clusters={
            name: _unread(name) if name == unknown else Evaluation(subject=name, state=State.OK)
            for name in plan.names
        },
    )


def _unread(name: str) -> Evaluation:
    found = Finding(
        fault=Fault.UNKNOWN,
        subject=name,
        cause="the state of the cluster is unknown: no answer (ConnectTimeout)",
        remedy="check whether kubectl reaches it from here: network, VPN, and rights of your role",
    )
    return Evaluation(subject=name, state=State.UNKNOWN, findings=[found])


def _link(link: LinkSpec, failed: Collection[LinkSpec], unknown: str) -> Evaluation:
    if link in failed:
        return Evaluation(subject=str(link), state=State.FAULTY, findings=[finding(link)])
    if unknown in link:
        return Evaluation(subject=str(link), state=State.UNKNOWN, caused_by=unknown)
    return Evaluation(subject=str(link), state=State.OK)


def content(plan: Plan, *, failed: Collection[LinkSpec] = (), unknown: str = "") -> Content:
    """Return what the page of an environment is made from."""
    report = observed(plan, failed=failed, unknown=unknown)
    return Content(name="shop", plan=plan, at=AT, report=report)
