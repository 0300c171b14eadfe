"""Statements about an environment: routes, calls, mesh, trust and tiers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from linkmesh.cli.plan.statements import Topic, statements
from linkmesh.cli.preview.difference import differences
from linkmesh.environment import (
    Existing,
    Export,
    Injection,
    Linkerd,
    LinkMode,
    LoadBalancer,
    NodePorts,
    Plan,
    Route,
    TrustState,
    Unmeshed,
    Yelb,
    chain,
    mesh,
)
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.proxies.proxy import ProxyConfig, ProxyResources
from linkmesh.stacks.snapshot import Snapshot, described
from tests.components.environment.described import EAST, WEST, on_aws, planned, plans

NORTH = on_aws("north", block=30)


def three(mode: LinkMode = LinkMode.GATEWAY, **overrides: Any) -> Plan:
    """Describe three clusters; two of them offer a service to the third."""
    ordinary: dict[str, Any] = {
        "links": mesh("west", "east", "north"),
        "exports": [
            Export("api", namespace="shop", of=name, to=["west"], mode=mode)
            for name in ("east", "north")
        ],
    }
    return planned(WEST, EAST, NORTH, **{**ordinary, **overrides})


def split(**weights: int) -> Route:
    """Split what west calls."""
    return Route("api", namespace="shop", on="west", port=80, weights=weights)


def listed(described_now: Plan, topic: Topic) -> list[str]:
    """List the statements of one topic."""
    return [statement.text for statement in statements(described(described_now))[topic]]


def changed(before: Plan | Snapshot, after: Plan, topic: Topic) -> list[str]:
    """List what changes of one topic."""
    old = described(before) if isinstance(before, Plan) else before
    found = differences(old, described(after))
    return [f"{each.change.value} {each.text}" for each in found if each.topic is topic]


@given(plans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_subjects_are_unique_within_a_topic(drawn: Plan) -> None:
    for topic, found in statements(described(drawn)).items():
        subjects = [statement.subject for statement in found]

        assert len(subjects) == len(set(subjects)), topic


def test_other_weights_change_the_shares_of_calls() -> None:
    before, after = (
        three(routes=[split(east=100, north=0)]),
        three(routes=[split(east=1, north=3)]),
    )

    assert changed(before, after, Topic.ROUTE) == [
        "! calls of api.shop:80 on west: east 100 % -> east 25 %, north 0 % -> north 75 %"
    ]
    assert changed(before, after, Topic.CALL) == [
        "! west can call api.shop of east: 100 % of calls of api.shop -> 25 % of calls of api.shop",
        "! west can call api.shop of north: 0 % of calls of api.shop -> 75 % of calls of api.shop",
    ]


def test_a_new_route_is_shown_with_the_shares_of_its_clusters() -> None:
    after = three(routes=[split(east=50, north=50)])

    assert changed(three(), after, Topic.ROUTE) == [
        "+ calls of api.shop:80 on west: east 50 %, north 50 %"
    ]
    assert changed(three(), after, Topic.CALL)[0] == (
        "! west can call api.shop of east: as api-east.shop -> "
        "as api-east.shop, 50 % of calls of api.shop"
    )


def test_another_mode_changes_how_services_are_called() -> None:
    assert changed(three(), three(LinkMode.FLAT), Topic.CALL) == [
        f"! west can call api.shop of {name}: as api-{name}.shop -> "
        f"as api-{name}.shop, pod to pod under its own identity"
        for name in ("east", "north")
    ]
    assert "as api-federated.shop" in listed(three(LinkMode.FEDERATED), Topic.CALL)[0]


def test_workloads_that_leave_the_mesh_are_shown() -> None:
    job = Unmeshed(namespace="shop", workload="job", why="it never ends")
    all_of_it = Unmeshed(namespace="shop", why="it brings its own")
    before = three(unmeshed=[job])
    after = three(injection=Injection.PER_DEPLOYMENT, unmeshed=[all_of_it])

    assert changed(before, after, Topic.MESH) == [
        "- job in shop is not in the mesh",
        "! injection: per namespace -> per deployment",
        "+ everything in shop is not in the mesh",
    ]


@pytest.mark.parametrize(
    ("linkerd", "piece"),
    [
        (Linkerd(profile=InstallProfile.SMALL), "high availability -> small"),
        (Linkerd(version="2026.8.3"), "charts 2026.6.3 -> charts 2026.8.3"),
        (
            Linkerd(registry="images.test/l5d"),
            "images of their own registries -> images of images.test/l5d",
        ),
        (Linkerd(cni=True), "init containers -> CNI plugin"),
        (Linkerd(viz=False), "with viz -> without viz"),
        (Linkerd(allows_check=True), "sources may not check it -> sources may check it"),
        (Linkerd(proxy=ProxyConfig(admin_port=4999)), "admin port 4191 -> admin port 4999"),
        (
            Linkerd(proxy=ProxyConfig(resources=ProxyResources(cpu_request="1"))),
            "proxies as the profile has them -> proxies with cpu request 1",
        ),
    ],
    ids=["profile", "version", "registry", "cni", "viz", "check", "port", "resources"],
)
def test_changes_of_the_installation_are_shown_for_each_cluster(
    linkerd: Linkerd, piece: str
) -> None:
    assert changed(three(), three(linkerd=linkerd), Topic.MESH) == [
        f"! Linkerd on {name}: {piece}" for name in ("east", "north", "west")
    ]


def test_a_new_anchor_is_shown_step_by_step() -> None:
    both = three(trust=TrustState(anchors=(1, 2)))
    signing = three(trust=TrustState(anchors=(1, 2), signing=2, issuers=2))

    assert changed(three(), both, Topic.CERTIFICATE) == [
        "! trust anchor: generation 1 -> generation 1 and 2"
    ]
    assert changed(both, signing, Topic.CERTIFICATE) == [
        *(
            f"! identity issuer of {name}: generation 1 -> generation 2"
            for name in ("east", "north", "west")
        ),
        "! trust anchor: 1 signs -> 2 signs",
    ]


def test_issuers_of_cert_manager_are_shown() -> None:
    after = three(linkerd=Linkerd(cert_manager=CertManagerIssuer(name="linkerd")))

    assert changed(three(), after, Topic.CERTIFICATE)[0] == (
        "! identity issuer of east: made by linkmesh -> by ClusterIssuer linkerd of cert-manager"
    )


def test_tiers_and_copies_are_shown() -> None:
    exports = [Export("yelb-appserver", namespace="yelb", of="east", to=["west"])]
    yelb = Yelb(ui="west", appserver="east", database="east")
    before = three(exports=exports, application=yelb)
    after = three(exports=exports, application=replace(yelb, copies=["north"]))

    assert changed(before, after, Topic.APPLICATION) == [
        "! yelb-appserver in yelb: on east -> on east and north",
        "! yelb-db in yelb: on east -> on east and north",
    ]


def test_what_is_on_an_existing_cluster_is_stated() -> None:
    site = Existing(
        "site",
        cluster_domain="corp.local",
        flat_with=["lab"],
        gateway_service=NodePorts("192.0.2.10"),
        namespaces=["shop"],
        gateway_api="1.4.0",
    )
    lab = Existing("lab", gateway_service=LoadBalancer(address="lab.example.com"), has_linkerd=True)
    exports = [
        Export("api", namespace="shop", of="site", mode=LinkMode.FLAT),
        Export("db", namespace="shop", of="site", headless=True, is_labelled=True),
    ]
    plan = planned(site, lab, links=mesh("site", "lab"), exports=exports)

    assert listed(plan, Topic.CLUSTER) == [
        "site: existing cluster, domain corp.local, flat network with lab, gateway at "
        "192.0.2.10:30143, with namespaces shop, with Gateway API 1.4.0",
        "lab: existing cluster, gateway at lab.example.com, with Linkerd",
    ]
    assert listed(plan, Topic.EXPORT) == [
        "api.shop of site: to every linked cluster, flat",
        "db.shop of site: to every linked cluster, gateway, pod by pod, its owner sets "
        "mirror.linkerd.io/exported=true",
    ]


def test_a_service_in_two_modes_is_one_statement_with_both_names() -> None:
    exports = [
        Export("api", namespace="shop", of="east", mode=mode)
        for mode in (LinkMode.GATEWAY, LinkMode.FEDERATED)
    ]
    plan = planned(WEST, EAST, links=chain("west", "east"), exports=exports)

    assert listed(plan, Topic.EXPORT) == [
        "api.shop of east: to every linked cluster, gateway; to every linked cluster, federated"
    ]
    assert listed(plan, Topic.CALL) == [
        "west can call api.shop of east: as api-east.shop, as api-federated.shop, pod to pod under "
        "its own identity"
    ]
