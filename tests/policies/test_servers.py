"""Rules on Linkerd's Servers."""

from dataclasses import replace
from typing import Any

from policies.rules import RULES, Finding, Resource

RULE = next(rule for rule in RULES if rule.name == "server-ports")


def server(name: str, *, port: int | str = 5432, provider: str = "west", **labels: str) -> Resource:
    """Make a Server."""
    props: dict[str, Any] = {
        "metadata": {"name": name, "namespace": "yelb"},
        "spec": {"port": port, "podSelector": {"matchLabels": labels}},
    }
    return Resource(
        type="kubernetes:policy.linkerd.io/v1beta3:Server",
        name=name,
        urn=f"urn:{name}",
        provider=provider,
        props=props,
    )


def found(*servers: Resource) -> list[Finding]:
    """Check a stack of Servers."""
    return [*RULE.check(servers)]


def test_two_servers_of_one_port_of_the_same_pods_are_bad() -> None:
    assert found(server("open", app="db"), server("closed", app="db")) == [
        Finding(
            "Servers must not share a port of the same pods (got open and closed, port 5432). "
            "Linkerd uses the older one and ignores the other, also if the older one is open. "
            "Give them selectors that exclude each other, or remove one.",
            "urn:closed",
        )
    ]


def test_a_selector_of_fewer_labels_selects_the_same_pods() -> None:
    assert found(server("all"), server("closed", app="db", tier="data"))
    assert found(server("closed", app="db", tier="data"), server("some", app="db"))


def test_other_pods_ports_namespaces_and_clusters_are_good() -> None:
    one = server("one", app="db")
    elsewhere = {"name": "two", "namespace": "shop"}

    assert not found(one, server("two", app="api"))
    assert not found(one, server("two", port=80, app="db"))
    assert not found(one, server("two", provider="east", app="db"))
    assert not found(one, replace(one, props={**one.props, "metadata": elsewhere}))
