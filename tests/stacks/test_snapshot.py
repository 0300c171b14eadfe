"""What stacks record of the description: it is read back as it was, and holds no secret."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from linkmesh.environment import (
    Alias,
    AliasProtocol,
    Existing,
    Export,
    Injection,
    Kind,
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
)
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.proxies.proxy import ProxyConfig, ProxyResources
from linkmesh.stacks import load
from linkmesh.stacks.snapshot import deployed, described, stack_record
from tests.components.environment.described import on_aws, planned, plans


def records(plan: Plan) -> dict[str, Any]:
    """Return the record of every stack of an environment, as it comes back from a backend."""
    written = {part: stack_record(plan, part) for part in plan.parts}
    return dict(json.loads(json.dumps(written)))


def small(**overrides: Any) -> Plan:
    """Describe two linked clusters."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return planned(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


@given(plans())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_deployed_is_read_back_as_it_was_described(drawn: Plan) -> None:
    read = deployed(records(drawn))
    expected = described(drawn)

    assert sorted(read.plan.environment.clusters, key=str) == sorted(
        drawn.environment.clusters, key=str
    )
    assert sorted(read.plan.environment.links) == sorted(drawn.environment.links)
    assert [
        {part: stack_record(read.plan, part) for part in drawn.app_parts},
        read.issuers,
        read.peerings,
        read.parts,
    ] == [
        {part: stack_record(drawn, part) for part in drawn.app_parts},
        expected.issuers,
        expected.peerings,
        expected.parts,
    ]
    assert read.notes == ()


def test_every_checked_in_environment_is_read_back() -> None:
    for name in ("demo", "dev", "prod"):
        read = deployed(records(load(name))).plan

        for part in load(name).names:
            written, was = stack_record(read, part), stack_record(load(name), part)
            assert (written["cluster"], written["access"]) == (was["cluster"], was["access"])


def test_a_cluster_that_exists_and_a_mode_come_back() -> None:
    described_now = planned(
        Existing("site", egress=["198.51.100.20/32"]),
        on_aws("west"),
        on_aws("east", block=20),
        links=chain("site", "west", "east"),
        exports=[Export("db", namespace="shop", of="east", mode=LinkMode.FLAT)],
    )

    read = deployed(records(described_now)).plan.environment

    assert read.cluster("site") == Existing("site", egress=("198.51.100.20/32",))
    assert read.exports == (Export("db", namespace="shop", of="east", mode=LinkMode.FLAT),)


def test_an_environment_that_was_never_deployed_is_empty() -> None:
    read = deployed({})

    assert (read.plan.environment.clusters, read.plan.environment.links, read.notes) == ((), (), ())


def test_what_belongs_to_a_cluster_that_was_not_deployed_is_left_out() -> None:
    written = records(small())
    del written["local"], written["network"]

    read = deployed(written)

    assert read.plan.environment.names == ["west"]
    assert read.plan.environment.links == ()


def test_a_stack_without_a_record_is_named() -> None:
    for unreadable in (None, {}, "text", {"version": 2}):
        read = deployed({**records(small()), "links.local": unreadable})

        assert read.notes == (
            "Stack `links.local` has no record of what it was deployed from, so everything of it "
            "is shown as added. It has one once it is deployed again.",
        )
        assert read.plan.environment.links == ()


def test_half_of_an_up_is_reported() -> None:
    written = {**records(small()), "west": records(small(operators=["198.51.100.11/32"]))["west"]}

    assert [note[:50] for note in deployed(written).notes] == [
        "The clusters were not all deployed from one descri"
    ]


def test_a_stack_records_only_its_own_part() -> None:
    both = [Export(each, namespace="shop", of="west") for each in ("api", "db")]
    before, after = records(small()), records(small(exports=both))

    assert [part for part in before if before[part] != after[part]] == ["apps.west"]


def full() -> Plan:
    """Plan an environment with something of all that records hold."""
    return planned(
        on_aws("west", log_retention_days=30),
        on_aws("east", block=20),
        Existing(
            "site",
            api_server="https://192.0.2.10:6443",
            nodes=5,
            egress=("192.0.2.0/24",),
            cluster_domain="corp.local",
            flat_with=("lab",),
            gateway_service=NodePorts("192.0.2.11", port=31143),
            namespaces=("shop",),
            gateway_api="1.3.0",
        ),
        Existing(
            "lab",
            gateway_service=LoadBalancer(address="lab.example.com", annotations={"a": "b"}),
            has_linkerd=True,
        ),
        links=chain("site", "west", "east"),
        exports=[
            Export("api", namespace="shop", of="east", headless=True),
            Export("api", namespace="shop", of="west", is_labelled=True),
        ],
        aliases=[
            Alias(
                "api",
                namespace="shop",
                on="site",
                of="west",
                port=80,
                protocol=AliasProtocol.TCP,
                is_there=True,
            )
        ],
        routes=[
            Route("api", namespace="shop", on="west", port=80, weights={"east": 90, "west": 10})
        ],
        application=Yelb(ui="west", appserver="west", database="west", copies=["east"]),
        injection=Injection.PER_DEPLOYMENT,
        unmeshed=[Unmeshed(namespace="shop", workload="job", why="it never ends")],
        trust=TrustState(anchors=(1, 2), signing=2, issuers=2),
        linkerd=Linkerd(
            profile=InstallProfile.SMALL,
            registry="images.test/l5d",
            cert_manager=CertManagerIssuer(name="linkerd"),
            proxy=ProxyConfig(resources=ProxyResources(cpu_request="1")),
        ),
        token_generations=(1, 2),
    )


def test_routes_injection_and_trust_come_back() -> None:
    read, expected = deployed(records(full())), described(full())

    assert sorted(read.plan.environment.clusters, key=str) == sorted(
        full().environment.clusters, key=str
    )
    assert read.plan.environment.routes == full().environment.routes
    assert read.plan.environment.aliases == full().environment.aliases
    assert read.plan.environment.application == Yelb(
        ui="west", appserver="west", database="west", copies=("east",)
    )
    assert read.plan.environment.unmeshed == full().environment.unmeshed
    assert (read.trust, read.cert_manager) == (expected.trust, expected.cert_manager)
    assert (read.linkerd, read.injection) == (expected.linkerd, "per deployment")
    assert read.notes == ()


def _with_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_floats(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_floats(each) for each in value]
    return float(value) if type(value) is int else value


def test_numbers_that_a_backend_made_floats_are_numbers_again() -> None:
    read = deployed({part: _with_floats(record) for part, record in records(full()).items()})

    assert read.plan.environment.routes == full().environment.routes
    assert sorted(read.plan.environment.clusters, key=str) == sorted(
        full().environment.clusters, key=str
    )
    assert read.trust == full().environment.trust


# What stacks of the first release wrote, as it is on backends.
OLD = {
    "trust": {"version": 1, "issuers": ["local", "west"]},
    "network": {"version": 1, "peerings": []},
    "local": {
        "version": 1,
        "cluster": {"kind": "kind", "name": "local", "workers": 3},
        "linkerd": "2026.6.3",
        "operators": ["198.51.100.10/32"],
        "access": [],
        "tokens": [1],
    },
    "west": {
        "version": 1,
        "cluster": {"kind": "existing", "name": "west", "egress": []},
        "linkerd": "2026.6.3",
        "operators": ["198.51.100.10/32"],
        "access": [],
        "tokens": [1],
    },
    "links": {"version": 1, "links": [["local", "west"]]},
    "apps": {
        "version": 1,
        "exports": [
            {"service": "api", "namespace": "shop", "of": "west", "to": None, "mode": "gateway"}
        ],
    },
}


def test_what_an_older_version_wrote_is_still_read_and_what_it_lacks_is_reported() -> None:
    read = deployed(OLD)

    assert read.plan.environment.clusters == (Kind("local"), Existing("west"))
    assert read.plan.environment.links == (*chain("local", "west"),)
    assert read.plan.environment.exports == (Export("api", namespace="shop", of="west"),)
    assert (read.plan.environment.routes, read.plan.environment.application) == ((), None)
    assert (read.trust, read.linkerd, read.injection) == (TrustState(), {}, "")
    assert read.notes == (
        "Stacks deployed by an older version of linkmesh (local, trust, west) have no record "
        "of injection and how Linkerd is installed: these are shown as added.",
    )
