"""What stacks keep of the description: it is read back as it was, and holds no secret."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from components.linkerd.identity.cert_manager import CertManager
from components.linkerd.installation.profiles import Profile
from components.linkerd.proxies.proxy import Proxy, ProxyResources
from stacks import load
from stacks.environment import (
    Alias,
    Environment,
    Existing,
    Export,
    Injection,
    Kind,
    Linkerd,
    Mode,
    Protocol,
    Route,
    TrustState,
    Unmeshed,
    Yelb,
    chain,
)
from stacks.record import deployed, described, share
from tests.stacks.described import environment, environments, on_aws


def shares(environment: Environment) -> dict[str, Any]:
    """Read what every stack of an environment keeps, as it comes back from a backend."""
    kept = {part: share(environment, part) for part in environment.parts}
    return dict(json.loads(json.dumps(kept)))


def small(**overrides: Any) -> Environment:
    """Describe two linked clusters."""
    ordinary: dict[str, Any] = {
        "links": chain("local", "west"),
        "exports": [Export("api", namespace="shop", of="west")],
    }
    return environment(Kind("local"), on_aws("west"), **{**ordinary, **overrides})


@given(environments())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_deployed_is_read_back_as_it_was_described(drawn: Environment) -> None:
    read = deployed(shares(drawn))
    expected = described(drawn)

    assert sorted(read.environment.clusters, key=str) == sorted(drawn.clusters, key=str)
    assert sorted(read.environment.links) == sorted(drawn.links)
    assert [share(read.environment, "apps"), read.issuers, read.peerings, read.parts] == [
        share(drawn, "apps"),
        expected.issuers,
        expected.peerings,
        expected.parts,
    ]
    assert read.notes == ()


def test_every_checked_in_environment_is_read_back() -> None:
    for name in ("demo", "dev", "prod"):
        read = deployed(shares(load(name))).environment

        for part in load(name).names:
            kept, was = share(read, part), share(load(name), part)
            assert (kept["cluster"], kept["access"]) == (was["cluster"], was["access"])


def test_a_cluster_that_exists_and_a_mode_come_back() -> None:
    described_now = environment(
        Existing("site", egress=["198.51.100.20/32"]),
        on_aws("west"),
        on_aws("east", block=20),
        links=chain("site", "west", "east"),
        exports=[Export("db", namespace="shop", of="east", mode=Mode.FLAT)],
    )

    read = deployed(shares(described_now)).environment

    assert read.cluster("site") == Existing("site", egress=("198.51.100.20/32",))
    assert read.exports == [Export("db", namespace="shop", of="east", mode=Mode.FLAT)]


def test_an_environment_that_was_never_deployed_is_empty() -> None:
    read = deployed({})

    assert (read.environment.clusters, read.environment.links, read.notes) == ([], [], ())


def test_what_belongs_to_a_cluster_that_was_not_deployed_is_left_out() -> None:
    kept = shares(small())
    del kept["local"], kept["network"]

    read = deployed(kept)

    assert read.environment.names == ["west"]
    assert read.environment.links == []


def test_a_stack_that_keeps_no_share_is_named() -> None:
    for unreadable in (None, {}, "text", {"version": 2}):
        read = deployed({**shares(small()), "links": unreadable})

        assert read.notes == (
            "Stack `links` does not say what it was deployed from, so its share is shown as added. "
            "It will, once it is deployed again.",
        )
        assert read.environment.links == []


def test_half_of_an_up_is_told() -> None:
    kept = {**shares(small()), "west": shares(small(operators=["198.51.100.11/32"]))["west"]}

    assert [note[:50] for note in deployed(kept).notes] == [
        "The clusters were not all deployed from one descri"
    ]


def test_a_stack_keeps_only_its_own_share() -> None:
    before, after = shares(small()), shares(small(exports=[]))

    assert [part for part in before if before[part] != after[part]] == ["apps"]


def full() -> Environment:
    """Describe something of all that shares keep."""
    return environment(
        on_aws("west", log_retention_days=30),
        on_aws("east", block=20),
        Existing("site", api_server="https://192.0.2.10:6443", nodes=5, egress=("192.0.2.0/24",)),
        links=chain("site", "west", "east"),
        exports=[
            Export("api", namespace="shop", of="east"),
            Export("api", namespace="shop", of="west"),
        ],
        aliases=[
            Alias(
                "api",
                namespace="shop",
                on="site",
                of="west",
                port=80,
                protocol=Protocol.TCP,
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
            profile=Profile.SMALL,
            registry="images.test/l5d",
            cert_manager=CertManager(issuer="linkerd"),
            proxy=Proxy(resources=ProxyResources(cpu_request="1")),
        ),
        token_generations=(1, 2),
    )


def test_routes_injection_and_trust_come_back() -> None:
    read, expected = deployed(shares(full())), described(full())

    assert sorted(read.environment.clusters, key=str) == sorted(full().clusters, key=str)
    assert read.environment.routes == full().routes
    assert read.environment.aliases == full().aliases
    assert read.environment.application == Yelb(
        ui="west", appserver="west", database="west", copies=("east",)
    )
    assert read.environment.unmeshed == full().unmeshed
    assert (read.trust, read.cert_manager) == (expected.trust, expected.cert_manager)
    assert (read.linkerd, read.injection) == (expected.linkerd, "per deployment")
    assert read.notes == ()


def test_numbers_that_a_backend_made_floats_are_numbers_again() -> None:
    text = json.dumps(shares(full())).replace(": 90,", ": 90.0,").replace("[1, 2]", "[1.0, 2.0]")

    read = deployed(json.loads(text))

    assert read.environment.routes == full().routes
    assert read.trust == full().trust


# What stacks of the first release kept, as it is on backends.
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


def test_what_an_older_version_kept_is_still_read_and_what_it_lacks_is_told() -> None:
    read = deployed(OLD)

    assert read.environment.clusters == [Kind("local"), Existing("west")]
    assert read.environment.links == chain("local", "west")
    assert read.environment.exports == [Export("api", namespace="shop", of="west")]
    assert (read.environment.routes, read.environment.application) == ([], None)
    assert (read.trust, read.linkerd, read.injection) == (TrustState(), {}, "")
    assert read.notes == (
        "Stacks deployed by an older version of linkmesh (apps, local, trust, west) do not tell "
        "routes, injection and how Linkerd is installed: these are shown as added.",
    )
