"""What a source may see of a target: as little as its mode needs."""

from typing import Any

import pytest

from linkmesh.linkerd.links import rights
from linkmesh.linkerd.links.rights import discovery_rights, list_paths, rules
from linkmesh.linkerd.mode import LinkMode

READ = ("get", "list", "watch")

# Source: linkerd2 edge-26.6.3, templates/remote-access-service-mirror-rbac.yaml
CHART = {
    *(
        (group, resource, verb)
        for verb in READ
        for group, resource in (
            ("apps", "replicasets"),
            ("batch", "jobs"),
            ("", "pods"),
            ("", "endpoints"),
            ("", "services"),
            ("discovery.k8s.io", "endpointslices"),
            ("policy.linkerd.io", "servers"),
        )
    ),
    ("", "configmaps/linkerd-config", "get"),
    ("", "events", "create"),
    ("", "events", "patch"),
}
GATEWAY = {
    ("", "services", "get"),
    ("", "services", "list"),
    ("", "services", "watch"),
    ("", "endpoints", "get"),
    ("", "endpoints", "list"),
    ("", "endpoints", "watch"),
    ("", "events", "create"),
    ("", "events", "patch"),
}
POD_TO_POD = {
    (group, resource, verb)
    for verb in READ
    for group, resource in (
        ("", "pods"),
        ("discovery.k8s.io", "endpointslices"),
        ("policy.linkerd.io", "servers"),
        ("apps", "replicasets"),
    )
}


def granted(modes: list[LinkMode], *, allows_check: bool = False) -> set[tuple[str, str, str]]:
    """List every right as group, resource and verb."""
    return {
        (group, resource + named(rule), verb)
        for rule in rules(modes, allows_check=allows_check)
        for group in rule["api_groups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def named(rule: dict[str, Any]) -> str:
    """Return the names to which a rule is limited."""
    return "".join(f"/{name}" for name in rule.get("resource_names", ()))


def test_through_a_gateway_a_source_reads_services_and_endpoints_and_writes_events() -> None:
    assert granted([LinkMode.GATEWAY]) == GATEWAY


@pytest.mark.parametrize("mode", [LinkMode.FLAT, LinkMode.FEDERATED])
def test_pod_to_pod_a_source_also_reads_what_leads_to_pods(mode: LinkMode) -> None:
    assert granted([mode]) == GATEWAY | POD_TO_POD


def test_a_target_is_asked_for_all_that_is_listed_and_no_events() -> None:
    assert list_paths([LinkMode.GATEWAY]) == ["/api/v1/services", "/api/v1/endpoints"]
    assert list_paths([LinkMode.FLAT])[2:] == [
        "/api/v1/pods",
        "/apis/discovery.k8s.io/v1/endpointslices",
        "/apis/policy.linkerd.io/v1beta3/servers",
        "/apis/apps/v1/replicasets",
    ]


def test_other_rights_to_call_pods_are_noted_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    before = discovery_rights()

    monkeypatch.setattr(rights, "POD_TO_POD_RULES", rights.POD_TO_POD_RULES[1:])

    assert discovery_rights() != before


def test_the_gateways_rights_are_at_most_half_of_the_charts() -> None:
    assert 2 * len(granted([LinkMode.GATEWAY])) <= len(CHART)
    assert 2 * len(rules([LinkMode.GATEWAY])) <= 7


def test_no_mode_has_a_right_that_the_chart_does_not_give() -> None:
    assert granted(list(LinkMode), allows_check=True) < CHART


def test_a_source_that_may_check_reads_only_one_config_map() -> None:
    extra = granted([LinkMode.GATEWAY], allows_check=True) - GATEWAY

    assert extra == {("", "configmaps/linkerd-config", "get")}
