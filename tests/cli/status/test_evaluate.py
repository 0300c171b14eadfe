"""Evaluation of an environment: the twelve faults, each with its cause and its remedy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linkmesh import names
from linkmesh.cli.mirrors.evaluate import ObservedService
from linkmesh.cli.status.clusters import findings
from linkmesh.cli.status.evaluate import Report, State, evaluate
from linkmesh.cli.status.faults import Fault, Finding
from linkmesh.cli.status.observations import (
    Answer,
    Gateway,
    ObservedCluster,
    ObservedEnvironment,
    Release,
    ServerOverlap,
)
from linkmesh.environment import LinkMode
from linkmesh.linkerd.links.orphans import SERVICE, MirrorObject
from tests.cli.status.observed import AT, CREDENTIALS, DISCOVERY, LINK, described, healthy, on

Change = Callable[[ObservedEnvironment], ObservedEnvironment]
EXPORT = "shop/api-east on west"
CONTROLLER = ("linkerd-multicluster", names.mirror_controller("east"))


def evaluation(change: Change = lambda seen: seen, mode: LinkMode = LinkMode.GATEWAY) -> Report:
    """Evaluate an environment with one change."""
    return evaluate("demo", described(mode), change(healthy(mode)))


def only(change: Change, mode: LinkMode = LinkMode.GATEWAY) -> Finding:
    """Evaluate, and expect one finding."""
    report = evaluation(change, mode)
    assert not report.is_healthy
    [found] = report.findings
    return found


def cluster(name: str, **changes: Any) -> Change:
    """Change the observed state of a cluster."""
    return lambda seen: on(seen, name, lambda one: replace(one, **changes))


def export(**changes: Any) -> Change:
    """Change the observed state of the export."""

    def change(seen: ObservedEnvironment) -> ObservedEnvironment:
        [one] = seen.exports
        assert one.observation is not None
        return replace(
            seen, exports=[replace(one, observation=replace(one.observation, **changes))]
        )

    return change


def link(**changes: Any) -> Change:
    """Change the spec of the Link."""

    def change(seen: ObservedEnvironment) -> ObservedEnvironment:
        spec: Mapping[str, Any] = {**seen.clusters["west"].links["east"], **changes}
        return on(seen, "west", lambda one: replace(one, links={"east": spec}))

    return change


@pytest.mark.parametrize("mode", [LinkMode.GATEWAY, LinkMode.FLAT])
def test_an_environment_without_faults_is_healthy(mode: LinkMode) -> None:
    report = evaluation(mode=mode)

    assert report.findings == []
    assert report.is_healthy


def test_1_a_missing_controller_entry() -> None:
    workloads = {**healthy().clusters["west"].workloads}
    del workloads[CONTROLLER]

    found = only(cluster("west", workloads=workloads))

    assert (found.fault, found.subject) == (Fault.CONTROLLER, "west -> east")
    assert "its entry among the chart's `controllers`" in found.cause
    assert "mesh up demo" in found.remedy


def test_2_expired_credentials() -> None:
    old = replace(CREDENTIALS, expires=AT - timedelta(days=1))

    found = only(cluster("west", mirroring={"east": old}))
    rejected = only(lambda one: replace(one, answers={LINK: Answer(code=401)}))

    assert (found.fault, found.subject) == (Fault.CREDENTIALS_REJECTED, "west -> east")
    assert "expired on 2026-11-22" in found.cause
    assert rejected.fault is Fault.CREDENTIALS_REJECTED
    assert "mesh rotate demo tokens" in rejected.remedy


def test_3_credentials_older_than_their_source() -> None:
    tokens = {
        names.remote_access_token("west", 1): CREDENTIALS.digest,
        names.remote_access_token("west", 2): "digest-2",
    }

    found = only(cluster("east", tokens=tokens))

    assert (found.fault, found.subject) == (Fault.CREDENTIALS_OLD, "west -> east")
    assert names.remote_access_token("west", 2) in found.cause
    assert "pulumi refresh --stack demo.links" in found.remedy


def test_3_credentials_that_the_controller_has_not_read() -> None:
    other = replace(CREDENTIALS, server="https://elsewhere.example.org")

    found = only(cluster("west", mirroring={"east": other}))

    assert found.fault is Fault.CREDENTIALS_OLD
    assert "has not read these credentials" in found.cause


def test_credentials_that_the_destination_controller_read_without_their_rights() -> None:
    discovery = {"east": replace(DISCOVERY, rights="")}

    found = only(cluster("west", discovery=discovery), mode=LinkMode.FLAT)

    assert (found.fault, found.subject) == (Fault.CREDENTIALS_OLD, "west -> east")
    assert "Secret linkerd/cluster-credentials-east was created before" in found.cause
    assert "pulumi refresh --stack demo.links" in found.remedy


def test_the_destination_controllers_credentials_are_missing_only_pod_to_pod() -> None:
    found = only(cluster("west", discovery={}), mode=LinkMode.FLAT)

    assert found.fault is Fault.CREDENTIALS_MISSING
    assert "Secret linkerd/cluster-credentials-east" in found.cause


def test_a_token_that_may_not_read_pods_is_rejected() -> None:
    answers = {LINK: Answer(code=403, resource="pods")}

    found = only(lambda one: replace(one, answers=answers), mode=LinkMode.FLAT)

    assert found.fault is Fault.CREDENTIALS_REJECTED
    assert "may not list pods of 'east' (403)" in found.cause


@pytest.mark.parametrize(
    ("contract", "cause"),
    [
        ({"apiServer": "https://other"}, "is https://east.example.org, not https://other"),
        ({"certificateAuthorityData": "TkVX"}, "have other CA certificates than 'east'"),
    ],
)
def test_a_source_with_another_address_or_authority_of_its_target(
    contract: dict[str, str], cause: str
) -> None:
    found = only(
        lambda one: on(
            one, "east", lambda east: replace(east, contract={**east.contract, **contract})
        )
    )

    assert found.fault is Fault.CREDENTIALS_OLD
    assert cause in found.cause


def test_an_api_server_of_another_authority_is_seen_as_the_source_sees_it() -> None:
    found = only(lambda one: replace(one, answers={LINK: Answer(code=None, untrusted=True)}))

    assert found.fault is Fault.CREDENTIALS_REJECTED
    assert "https://east.example.org has no certificate of the CA" in found.cause


def test_4_a_gateway_without_address() -> None:
    found = only(cluster("east", gateway=Gateway(balanced=True)))

    assert (found.fault, found.subject) == (Fault.GATEWAY_ADDRESS, "west -> east")
    assert "describe service linkerd-gateway" in found.remedy


def test_5_a_failing_probe_is_its_links_fault() -> None:
    report = evaluation(export(ready_on_source=0, waiting_on_source=1))

    [found] = report.findings
    assert (found.fault, found.subject) == (Fault.PROBE, "west -> east")
    assert "does not answer the probes of 'west'" in found.cause
    [(_, mirror)] = report.exports
    assert (mirror.state, mirror.caused_by) == (State.FAULTY, "west -> east")


def test_6_different_anchors() -> None:
    found = only(cluster("east", anchors=frozenset({"another"})))

    assert (found.fault, found.subject) == (Fault.ANCHORS, "west -> east")
    assert "mesh rotate demo anchor" in found.remedy


def test_7_a_label_that_was_removed_by_hand() -> None:
    found = only(export(exported=ObservedService()))

    assert (found.fault, found.subject) == (Fault.LABEL, EXPORT)
    assert "pulumi refresh --stack demo.apps" in found.remedy


def test_7_a_label_that_the_owner_of_the_service_sets() -> None:
    found = only(export(exported=ObservedService(), is_labelled=True))

    assert (found.fault, found.subject) == (Fault.LABEL, EXPORT)
    assert found.remedy == "its owner must set mirror.linkerd.io/exported=true"


def test_8_a_mirror_without_endpoints() -> None:
    found = only(export(ready_on_source=0, ready_on_target=0))

    assert (found.fault, found.subject) == (Fault.ENDPOINTS, EXPORT)
    assert "no ready endpoints on 'east'" in found.cause


def test_9_a_namespace_that_is_missing_at_the_source() -> None:
    found = only(export(has_namespace=False, mirror=None, ready_on_source=0))

    assert (found.fault, found.subject) == (Fault.NAMESPACE, EXPORT)
    assert "'west' has no namespace 'shop'" in found.cause


def test_10_a_foreign_service_in_the_mirrors_place() -> None:
    found = only(export(mirror=ObservedService(labels={"app": "another"})))

    assert (found.fault, found.subject) == (Fault.FOREIGN, EXPORT)
    assert "rename or remove it" in found.remedy


def test_11_a_stale_mirror_of_a_removed_link() -> None:
    labels = {
        "mirror.linkerd.io/mirrored-service": "true",
        "mirror.linkerd.io/cluster-name": "gone",
    }
    left = MirrorObject(kind=SERVICE, namespace="shop", name="api-gone", labels=labels)

    found = only(cluster("west", left=[left]))

    assert (found.fault, found.subject) == (Fault.STALE, "west")
    assert "shop/api-gone" in found.cause
    assert "mirror.linkerd.io/cluster-name=gone" in found.remedy


def test_12_overlapping_networks_of_pods_in_flat_mode() -> None:
    shared = cluster("east", networks=frozenset({"10.10.128.0/24"}))

    found = only(shared, LinkMode.FLAT)

    assert (found.fault, found.subject) == (Fault.OVERLAP, "west -> east")
    assert "10.10.128.0/24 of 'east'" in found.cause
    assert evaluation(shared).is_healthy, "through the gateway no address of a pod is seen"


def test_a_link_that_was_changed_by_hand() -> None:
    found = only(link(gatewayAddress="elsewhere.example.org"))

    assert found.fault is Fault.LINK_CHANGED
    assert "gatewayAddress" in found.cause


def test_a_cluster_that_does_not_answer_is_unknown_and_not_healthy() -> None:
    def silent(seen: ObservedEnvironment) -> ObservedEnvironment:
        [one] = seen.exports
        gone = cluster("east", problem="no answer within 10 s")(seen)
        return replace(gone, exports=[replace(one, observation=None)])

    report = evaluation(silent)

    assert [found.fault for found in report.findings] == [Fault.UNKNOWN]
    assert report.links[LINK].state is State.UNKNOWN
    assert report.exports[0][1].state is State.UNKNOWN
    assert not report.is_healthy


def test_what_could_not_be_read_is_not_healthy() -> None:
    def unseen(seen: ObservedEnvironment) -> ObservedEnvironment:
        [one] = seen.exports
        return replace(seen, exports=[replace(one, observation=None, why="no answer")])

    assert not evaluation(unseen).is_healthy


@pytest.mark.parametrize(("days", "is_healthy"), [(31, True), (30, False), (-1, False)])
def test_a_certificate_that_expires_within_a_month_is_a_fault(days: int, is_healthy: bool) -> None:
    [anchor, issuer] = healthy().clusters["west"].certificates
    ending = replace(issuer, expires=AT + timedelta(days=days))

    report = evaluation(cluster("west", certificates=[anchor, ending]))

    assert report.is_healthy is is_healthy
    assert {found.fault for found in report.findings} <= {Fault.CERTIFICATE}


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2026, 11, 1), ""), (date(2026, 11, 3), "ends on"), (date(2026, 12, 3), "ended on")],
)
def test_a_kubernetes_that_leaves_support_within_a_month_is_a_fault(day: date, text: str) -> None:
    plan, observed = described(), healthy()
    east = replace(observed.clusters["east"], kubernetes="1.34.9")

    found = [
        one
        for one in findings("demo", plan, east, datetime(day.year, day.month, day.day, tzinfo=UTC))
        if one.fault is Fault.SUPPORT
    ]

    assert [text in one.cause for one in found] == [True] * bool(text)


def test_an_unavailable_control_plane_is_a_fault() -> None:
    workloads = {**healthy().clusters["east"].workloads}
    name = ("linkerd", "linkerd-identity")
    workloads[name] = replace(workloads[name], available=0)

    found = only(cluster("east", workloads=workloads))

    assert (found.fault, found.subject) == (Fault.DEPLOYMENT, "east")
    assert "0 of 3 replicas" in found.cause


def test_an_environment_that_is_not_deployed_is_reported_once_for_each_cluster() -> None:
    observed = healthy()
    none = {name: ObservedCluster(name=name, deployed=False) for name in observed.clusters}
    exports = [replace(each, observation=None) for each in observed.exports]

    report = evaluate("demo", described(), replace(observed, clusters=none, exports=exports))

    assert [one.fault for one in report.findings] == [Fault.NOT_DEPLOYED] * 2
    assert report.links[LINK].state is State.UNKNOWN


@pytest.mark.parametrize(
    ("gateway", "cause"),
    [
        ({"port": 4200}, "port 4143, not 4200"),
        ({"probe_port": 4291}, "probe port 4191, not 4291"),
        ({"identity": "other"}, "identity gateway.identity, not other"),
    ],
)
def test_a_gateway_that_is_not_as_in_the_links_of_its_sources(
    gateway: dict[str, Any], cause: str
) -> None:
    found = only(cluster("east", gateway=Gateway(balanced=True, addresses=["a"], **gateway)))

    assert (found.fault, found.subject) == (Fault.GATEWAY_DIFFERS, "west -> east")
    assert cause in found.cause


def test_a_domain_that_is_not_as_in_the_links_of_its_sources() -> None:
    found = only(cluster("east", domain="east.local"))

    assert "domain cluster.local, not east.local" in found.cause


@pytest.mark.parametrize(
    ("status", "verb"), [("pending-upgrade", "rollback"), ("pending-install", "uninstall")]
)
def test_a_release_that_an_interrupted_run_left_is_a_fault(status: str, verb: str) -> None:
    release = Release(namespace="linkerd", name="linkerd-control-plane", status=status)

    found = only(cluster("east", releases=[release]))

    assert found.fault is Fault.RELEASE
    assert found.remedy == f"helm -n linkerd {verb} linkerd-control-plane, then: mesh up demo"


def test_a_server_that_another_one_overrules_is_a_fault() -> None:
    overlap = ServerOverlap(
        namespace="yelb", port="5432", used="open", policy="all-unauthenticated", ignored="closed"
    )

    found = only(cluster("east", overlaps=[overlap]))

    assert (found.fault, found.subject) == (Fault.SERVERS, "east")
    assert "uses the older one, open (accessPolicy all-unauthenticated)" in found.cause


def test_an_export_that_is_not_described_is_a_fault() -> None:
    exported = frozenset({("shop", "api"), ("shop", "another")})

    found = only(cluster("east", exported=exported))

    assert (found.fault, found.subject) == (Fault.UNDESCRIBED, "east")
